import amqplib from 'amqplib';
import { describeRefusal, withinTwoSeconds } from './describe-refusal.ts';

/** Logs in; undefined when that worked, else what the server answered. */
export async function rabbitmqRefusal(url: string): Promise<string | undefined> {
  try {
    const connecting = amqplib.connect(url, { noDelay: true, timeout: 2000 });
    const connection = await withinTwoSeconds(connecting);
    await connection.close();
    return undefined;
  } catch (error) {
    const answer = describeRefusal(error);
    return answer.startsWith('Expected ConnectionOpenOk') ? 'no such vhost, or not for this user' : answer;
  }
}
