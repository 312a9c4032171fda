#!/usr/bin/env node
import { main } from './command/main.ts';

main(process.argv);
