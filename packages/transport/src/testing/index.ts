export { describeWithDocker } from "./describe-with-docker.ts";
