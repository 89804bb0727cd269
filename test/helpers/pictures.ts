// Hosts of every shape that the picture has to bear, by name.
import type { Model } from '../../shared/model/model.ts';
import { articleModel } from './article-model.ts';
import { bridgedNetnsModel, dockerModel, emptyHostModel, oddModel, rootlessUsersModel } from './synthetic-model.ts';

export const pictures: Readonly<Record<string, () => Model>> = {
  "the article's host": () => articleModel(),
  'the same with five containers': () => articleModel({ moreContainers: 4 }),
  'two rootless users': () => rootlessUsersModel(2),
  'docker with 12 containers': () => dockerModel(12),
  'docker with 40 containers': () => dockerModel(40),
  '5 netns on a bridge': () => bridgedNetnsModel(5),
  '60 netns on a bridge': () => bridgedNetnsModel(60),
  '300 netns on a bridge': () => bridgedNetnsModel(300),
  'odd things': () => oddModel(),
  'a host with nothing': () => emptyHostModel(),
};
