import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitOf } from '../../src/diagnosis/json.ts';
import { diagnosisMessage } from '../../src/diagnosis/messages.ts';
import { FLAVOURS, openStage, type Stage, severitiesOf } from './stage.ts';

/** What refuses a login after its account is chosen is told before the login is tried. */

const CLIENT = '10.1.0.7';

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour });
  });
  afterAll(() => stage?.close());

  async function tell(user: string) {
    const said = await stage.why(CLIENT, user);
    expect(said.prediction.now.outcome).toBe('admitted');
    const { headline } = diagnosisMessage(said, CLIENT);
    return { rules: severitiesOf(said), exit: exitOf(said), canLogIn: /can log in/.test(headline) };
  }

  it('a plugin that is not loaded (1524)', async () => {
    const { world } = stage;
    await world.query(`CREATE USER odd@'%' IDENTIFIED BY 'right'`);
    await world.query(
      flavour === 'mysql'
        ? `UPDATE mysql.user SET plugin = 'no_such' WHERE User = 'odd'`
        : `UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.plugin', 'no_such') WHERE User = 'odd'`,
    );
    await world.query('FLUSH PRIVILEGES');
    const before = await tell('odd');
    expect(before).toMatchObject({ exit: 1, canLogIn: false });
    expect(before.rules).toContain('blocking plugin-missing');
    const login = { user: 'odd', password: 'right' };
    expect(await world.connectFrom(CLIENT, login)).toMatchObject({ code: 1524 });
  });

  it('require_secure_transport (3159), until a session proves that the client uses TLS', async () => {
    const { world } = stage;
    await world.query(`CREATE USER plain@'%' IDENTIFIED BY 'right'`);
    const login = { user: 'plain', password: 'right' };
    expect(await tell('plain')).toMatchObject({ exit: 0, canLogIn: true });
    await world.query('SET GLOBAL require_secure_transport = ON');
    const before = await tell('plain');
    expect(before).toMatchObject({ exit: 1, canLogIn: false });
    expect(before.rules).toContain('blocking tls-required');
    // MariaDB 10.11 does not say why.
    const code = flavour === 'mysql' ? 3159 : 1045;
    expect(await world.connectFrom(CLIENT, login)).toMatchObject({ code });
    await world.query('SET GLOBAL require_secure_transport = OFF');
    const session = await world.openFrom(CLIENT, login);
    await world.query('SET GLOBAL require_secure_transport = ON');
    expect(await tell('plain')).toMatchObject({ exit: 0 });
    await session.close();
    await world.query('SET GLOBAL require_secure_transport = OFF');
  });

  if (flavour === 'mariadb') {
    it('an account of the Unix socket, by TCP (1698)', async () => {
      const { world } = stage;
      await world.query(`CREATE USER local@'%' IDENTIFIED VIA unix_socket`);
      const before = await tell('local');
      expect(before).toMatchObject({ exit: 1, canLogIn: false });
      expect(before.rules).toContain('blocking wrong-password');
      expect(await world.connectFrom(CLIENT, { user: 'local' })).toMatchObject({ code: 1698 });
    });
  }
});
