import { makeLoneRouter } from '/work/wt/f/test/netns/lab/lone-router.ts';
const { lab, router } = await makeLoneRouter();
try {
  // nft away: an overlay over /usr/sbin without it
  await router.sh(`mkdir -p /run/o; mount -t tmpfs t /run/o; mkdir -p /run/o/u /run/o/w; mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=/run/o/u,workdir=/run/o/w /usr/sbin; rm /usr/sbin/nft`);
  for (const args of [['apply', '--adopt'], ['apply'], ['status'], ['check']]) {
    const r = await router.wgospf(args, { mayFail: true });
    console.log('$ wgospf', args.join(' '), '->', r.exitCode); console.log(r.stdout.split('\n').filter((l) => /nft|sync|condition|ok|error/.test(l)).join('\n'), r.stderr);
  }
  await router.sh('umount /usr/sbin');
  const r = await router.wgospf(['plan'], { mayFail: true });
  console.log('$ plan', r.exitCode, r.stdout);
  await router.wgospf(['apply'], { mayFail: true });
  console.log(await router.sh('nft list table inet wgospf; cat /run/wgospf/notes.json'));
  await router.wgospf(['down'], { mayFail: true });
  console.log(await router.sh('nft list tables; ls /run/wgospf 2>&1 || true'));
  // bad word
  const text = await router.readFile('/etc/wgospf/state.yaml');
  await router.writeState(text.replace('\nmesh:\n', '\nmesh:\n  firewall: yes\n'));
  const b = await router.wgospf(['check'], { mayFail: true });
  console.log(b.exitCode, b.stdout, b.stderr);
} finally { await lab.close(); }
