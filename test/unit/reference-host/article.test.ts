// The article's questions, answered from transcripts of the reference host.
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../shared/explain/describe-text.ts';
import { summarise } from '../../../shared/explain/summarise.ts';
import { assertArticle } from '../../helpers/article.ts';
import { hostFixture } from '../../helpers/host-fixture.ts';
import { schemaErrors } from '../../helpers/validate-model.ts';

describe.each(['reference-host', 'reference-host-as-root', 'reference-host-child-ip', 'reference-host-own-netns'])(
  '%s',
  (name) => {
    const { model, transcript, truth } = hostFixture(name);

    it('came whole', () => {
      expect(transcript.complete).toBe(true);
      expect(transcript.problems).toEqual([]);
      expect(model.host.hostname).toBe(truth.hostname);
    });

    it('answers the article’s questions, each with evidence', () => {
      assertArticle(model, truth, transcript);
    });

    it('has a cable for each container and no other', () => {
      const cables = model.relations.filter((one) => one.kind === 'veth-peer' && one.to.startsWith('link:'));
      expect(cables.map((one) => one.certainty)).toEqual(truth.containers.map(() => 'certain'));
    });

    it('is as its schema says', () => {
      expect(schemaErrors(model)).toEqual([]);
    });
  },
);

describe('the reference host, as ec2-user without sudo', () => {
  const { model } = hostFixture('reference-host');

  it('says who asked', () => {
    expect(model.host.user).toEqual({ name: 'ec2-user', uid: 1000 });
    expect(model.host.privileges).not.toContain('root');
  });

  it('shows the whole chain as text', () => {
    const text = describeText(model);
    expect(text).toMatch(
      /^ {4}eth0 {2}veth {2}UP {2}10\.4\.0\.9\/24 .* ↔ veth\w+ in RootlessKit child · ec2-user · detached$/m,
    );
    expect(text).toMatch(/^ {4}veth\w+ {2}veth .* ↔ eth0 in nginx-d8e2d {2}port of nerdctl0$/m);
    expect(text).toMatch(
      /^ {4}tap0 {2}tap .* served by slirp4netns\[\d+\] \(inferred\) {2}goes out over ens5 of host \(inferred\)$/m,
    );
    expect(text).toMatch(/^ {2}127\.0\.0\.1:8080\/tcp {2}rootlesskit\[\d+\] → nginx-d8e2d 10\.4\.0\.9:80/m);
  });

  it('says what it could not see, and what would show it', () => {
    const rules = model.findings.map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['gaps.processes-closed', 'veth.peer-not-seen']));
    // The fifth has the other end of ens5, and is outside the host.
    expect(summarise(model)).toMatch(
      /^Seen: 4 of 5 network namespaces, \d+ of \d+ processes’ namespaces\. With sudo: \d+ more processes’ namespaces/,
    );
  });
});

describe('the reference host, as root', () => {
  const { model } = hostFixture('reference-host-as-root');

  it('has nothing closed', () => {
    expect(summarise(model)).toMatch(
      /^Seen: 4 of 5 network namespaces, (\d+) of \1 processes’ namespaces\. Nothing is closed to root by sudo from ec2-user\.$/,
    );
  });
});
