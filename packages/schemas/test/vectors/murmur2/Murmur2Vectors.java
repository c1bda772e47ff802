import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/** Prints one line for each key: hex (`-` for the empty key), murmur2, the partition of 8, as Kafka's Java client has them. */
public final class Murmur2Vectors {
    public static void main(String[] arguments) {
        System.out.println("# key (hex, - is the empty key)\tmurmur2\tpartition of 8");
        for (byte[] key : keys()) {
            String hex = key.length == 0 ? "-" : HexFormat.of().formatHex(key);
            System.out.println(hex + "\t" + Utils.murmur2(key) + "\t" + BuiltInPartitioner.partitionForKey(key, 8));
        }
    }

    private static List<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>();
        Random random = new Random(20260131);
        keys.add(new byte[0]);
        // Every single byte: those from 0x80 on tell signed from unsigned arithmetic.
        for (int value = 0; value < 256; value++) keys.add(new byte[] {(byte) value});
        // Lengths 1 to 9 cover each remainder of 4 with zero, one and two whole words.
        for (int length = 1; length <= 9; length++) {
            for (int fill : new int[] {0x00, 0x7f, 0x80, 0xff}) {
                byte[] key = new byte[length];
                java.util.Arrays.fill(key, (byte) fill);
                keys.add(key);
            }
            for (int i = 0; i < 40; i++) keys.add(bytes(random, length));
        }
        for (int i = 0; i < 300; i++) keys.add(bytes(random, 10 + random.nextInt(90)));
        for (int length : new int[] {127, 128, 255, 256, 1000, 1023, 1024, 1025}) keys.add(bytes(random, length));
        // What keys look like: ids of conversations.
        for (int i = 0; i < 200; i++) keys.add(utf8("conv_" + i));
        for (int i = 0; i < 100; i++) keys.add(utf8(new java.util.UUID(random.nextLong(), random.nextLong()).toString()));
        for (String text : new String[] {"Grüße", "日本語", "Ωμέγα", "עברית", "😀", "👩‍👩‍👧‍👦", "e\u0301", "\u0000", "\uFEFF", " ", "конверсация-7"}) {
            keys.add(utf8(text));
            keys.add(utf8(text.repeat(7)));
        }
        return keys;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
