// Where the first start leaves the API key of the practice workspace, and the command line finds it.
import { join } from 'node:path';

export const apiKeyFile = (dataFolder: string) => join(dataFolder, 'api-key');
