/** What runs in the thread for YAML: one job after the other. Started by yaml-thread.ts. */
import { parentPort } from 'node:worker_threads';
import { doYamlJob, type YamlJob } from './yaml-jobs.js';

const port = parentPort;
if (port === null) throw new Error('this is started as a thread of srrd');
port.on('message', (job: YamlJob) => port.postMessage(doYamlJob(job)));
