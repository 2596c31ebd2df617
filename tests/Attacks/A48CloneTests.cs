using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A48: two machines with one root.</summary>
public class A48CloneTests
{
    /// <summary>A row of the format before session keys were kept, as the silo of that time wrote it.</summary>
    private const string FirstFormat =
        "8a69746d2d7477696e2f318d5001010101010101010101010101010101582101b135be3e959c50d69c417401e553727ad606358ef7bf7df6aa593400cd778a0101025820020202020202020202020202"
        + "020202020202020202020202020202020202020245030303030368434e3d6d616b65726873656e736f722d31656e6f7274686673656e736f72076e6a6f696e20746f6b656e206162631b000001a0c450"
        + "6c7b01430404041b000001a0c976c87b8918200284000203206764656661756c74040581866b66696c652e646967657374662f6574632f61697368613235362061616973686132353620626273726566"
        + "6572656e63652073656e736f72202335021b000001a0c4506c7b1b000001a0c45156db87070118631a000100020258200505050505050505050505050505050505050505050505050505050505050505"
        + "84662f6574632f6158200909090909090909090909090909090909090909090909090909090909090909652f676f6e6540676167656e742031f582841b000001a0c4506c7b01666a6f696e6564666465"
        + "76696365841b000001a0c4506c7b076f6e6f206e65772065766964656e636565636c6f636b";

    [Fact]
    public async Task A48_Two_machines_that_take_turns_are_an_alarm()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var genuine = await silo.JoinAsync();
        await genuine.ProveAsync();
        using var first = ECDsa.Create(genuine.SessionKey.ExportParameters(true));
        // The copy: the same root, a session key of its own.
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await genuine.ConnectAsync(silo.Devices, key: second);
        await genuine.ProveAsync();
        await genuine.ConnectAsync(silo.Devices, key: first);
        Assert.Equal("evidence_refused", (await genuine.SendEvidenceAsync(genuine.Prove(await genuine.ChallengeAsync()))).Code);
        Assert.Equal("evidence_refused", (await genuine.SendEvidenceAsync(genuine.Prove(await genuine.ChallengeAsync()))).Code);
        var timeline = (await silo.GetAsync<DeviceDetail>("devices/device-1")).Timeline;
        var alarm = Assert.Single(timeline, line => line.Kind == "alarm");
        Assert.StartsWith("two machines answer with this identity: session.superseded: ", alarm.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(timeline, line => line.Kind == "refused");
        await Eventually.TrueAsync(() => silo.Silo.Feed.Events.After(silo.Silo.Feed.Events.Oldest)!.Any(line => line.Kind == "alarm" && line.Name == "device-1"), "the alarm in the feed");
    }

    [Fact]
    public async Task A48_A_restart_of_the_silo_forgets_no_session_key()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        using var first = ECDsa.Create(device.SessionKey.ExportParameters(true));
        await device.ConnectAsync(silo.Devices, key: ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await device.ProveAsync();
        await silo.RestartAsync();
        await device.ConnectAsync(silo.Devices, key: first);
        Assert.Equal("evidence_refused", (await device.SendEvidenceAsync(device.Prove(await device.ChallengeAsync()))).Code);
        Assert.Single((await silo.GetAsync<DeviceDetail>("devices/device-1")).Timeline, line => line.Kind == "alarm");
    }

    [Fact]
    public async Task A48_A_new_session_key_at_every_start_is_no_alarm()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = settings.Limits with { DeviceRate = 1000 } });
        using var device = await silo.JoinAsync();
        for (var i = 0; i < 6; i++)
        {
            await device.ConnectAsync(silo.Devices, key: ECDsa.Create(ECCurve.NamedCurves.nistP256));
            await device.ProveAsync();
            await device.ProveAsync();
        }
        Assert.DoesNotContain((await silo.GetAsync<DeviceDetail>("devices/device-1")).Timeline, line => line.Kind is "alarm" or "refused");
        var state = (await silo.Silo.Place.Twin(device.Id).ReadAsync(default))!;
        Assert.Equal(AttesterState.MostSessions, state.Attester.Sessions.Length);
        Assert.Equal(KeyThumbprint.Of(device.SessionKey.ExportParameters(false)), state.Attester.Sessions[^1].ToArray());
    }

    [Fact]
    public void A48_Rejects_a_session_key_that_another_has_taken_the_place_of()
    {
        var given = new EvidenceCase();
        var (own, other) = (KeyThumbprint.Of(given.Session.ExportParameters(false)), new byte[32]);
        (given with { Before = AttesterState.None with { Sessions = [own, other] } }).IsRefusedBy("session.superseded");
        (given with { Before = AttesterState.None with { Sessions = [other, own] } }).IsJudged(TrustTier.Affirming);
    }

    [Theory]
    [InlineData("counter.reset"), InlineData("counter.restart"), InlineData("clock.back"), InlineData("session.superseded")]
    public void A48_A_device_that_is_proven_and_goes_back_in_time_is_an_alarm(string check)
    {
        var (state, now) = Proven();
        var step = TwinTransition.Refuse(state, [Failed(check)], now);
        Assert.Equal(EventKind.Alarm, Assert.Single(step.Events).Kind);
        Assert.False(TwinTransition.Refuse(step.State, [Failed(check)], now.AddSeconds(59)).Changed);
        Assert.True(TwinTransition.Refuse(step.State, [Failed(check)], now.AddSeconds(61)).Changed);
        // Refused for anything else besides, it is not even authentic; and while nobody is proven, nobody is copied.
        Assert.Equal(EventKind.Refused, Assert.Single(TwinTransition.Refuse(state, [Failed(check), Failed("token.signature")], now).Events).Kind);
        Assert.Equal(EventKind.Refused, Assert.Single(TwinTransition.Refuse(state, [Failed(check)], state.Verdict!.ExpiresAt).Events).Kind);
    }

    [Fact]
    public void A_row_from_before_session_keys_were_kept_is_read_and_written_anew()
    {
        var state = TwinStateCodec.Decode(Convert.FromHexString(FirstFormat), 3);
        Assert.Equal(("sensor-1", Standing.Active, 7u, 2), (state.Enrolment.Name, state.Standing, state.Attester.Boot, state.Timeline.Length));
        Assert.Empty(state.Attester.Sessions);
        var now = TwinStateCodec.Decode(TwinStateCodec.Encode(state with { Attester = state.Attester with { Sessions = [new byte[32]] } }), 4);
        Assert.Equal(32, Assert.Single(now.Attester.Sessions).Length);
        Assert.Equal(state.Verdict!.Because, now.Verdict!.Because);
    }

    private static Finding Failed(string check) => new(check, "claim", "expected", "got", "rule", Outcome.Fail);

    private static (TwinState State, DateTimeOffset Now) Proven()
    {
        var state = TwinStateCodec.Decode(Convert.FromHexString(FirstFormat), 3);
        return (state with { Timeline = [] }, state.Verdict!.IssuedAt);
    }
}
