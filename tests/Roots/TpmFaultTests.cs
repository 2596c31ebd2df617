using System.Buffers.Binary;
using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

/// <summary>A TPM that is busy, broken, lying or pulled out: always a sentence, never a hang, never a wrong result.</summary>
public sealed class TpmFaultTests : IDisposable
{
    private readonly Swtpm swtpm = Swtpm.Start();
    private readonly InstantTime time = new();

    [Fact]
    public void A_register_that_moves_between_quote_and_read_is_quoted_again()
    {
        using var channel = new FaultyChannel(swtpm.Address);
        using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
        var moved = 0;
        channel.Before = code =>
        {
            if (code != TpmCommandCode.PcrRead || moved++ > 0) return null;
            var extend = new TpmCommand(TpmCommandCode.PcrExtend).On(7, TpmHandle.Password);
            extend.Parameters.U32(1).Alg(TpmAlg.Sha256).Bytes(new byte[32]);
            channel.Direct(extend);
            return null;
        };
        var quote = root.Prove(Drafts.For(root, new byte[32])).Quote!;
        Assert.Equal(2, channel.Asked.Count(c => c == TpmCommandCode.Quote));
        Assert.NotEqual(new byte[32], quote.Values.Single(v => v.Index == 7).Value.ToArray());
    }

    [Fact]
    public void A_register_that_never_stands_still_is_reported()
    {
        using var channel = new FaultyChannel(swtpm.Address);
        using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
        channel.After = (code, answer) =>
        {
            if (code == TpmCommandCode.PcrRead) answer[^1] ^= 1;
            return answer;
        };
        Assert.Contains("changed 5 times", Assert.Throws<RootException>(() => root.Prove(Drafts.For(root, new byte[32]))).Message);
    }

    [Theory]
    [InlineData(0x922u)]
    [InlineData(0x908u)]
    [InlineData(0x90au)]
    [InlineData(0x920u)]
    public void A_busy_TPM_is_asked_again_after_growing_pauses(uint code)
    {
        using var channel = new FaultyChannel(swtpm.Address);
        var busy = 0;
        channel.Before = asked => asked == TpmCommandCode.Load && busy++ < 3 ? FaultyChannel.Refusal(code) : null;
        using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
        Assert.Equal(4, busy);
        Assert.Equal([20, 40, 80], time.Pauses.Select(p => p.TotalMilliseconds));
    }

    [Fact]
    public void A_TPM_that_stays_busy_is_given_up()
    {
        using var channel = new FaultyChannel(swtpm.Address);
        channel.Before = asked => asked == TpmCommandCode.Load ? FaultyChannel.Refusal(0x922) : null;
        var given = Assert.Throws<RootException>(() => TpmRoot.Open(swtpm.Settings(), channel, time));
        Assert.Contains("TPM_RC_RETRY", given.Message);
        Assert.Equal(9, time.Pauses.Count);
    }

    [Theory]
    [InlineData(0x902u, "TPM_RC_OBJECT_MEMORY", "/dev/tpmrm0")]
    [InlineData(0x101u, "TPM_RC_FAILURE", "Restart the machine")]
    [InlineData(0x921u, "TPM_RC_LOCKOUT", "dictionarylockout")]
    [InlineData(0x98eu, "TPM_RC_AUTH_FAIL, session 1", "empty passwords")]
    [InlineData(0x185u, "TPM_RC_HIERARCHY, handle 1", "firmware's setup")]
    public void A_refusal_names_code_place_and_remedy(uint code, string name, string remedy)
    {
        using var channel = new FaultyChannel(swtpm.Address);
        channel.Before = asked => asked == TpmCommandCode.CreatePrimary ? FaultyChannel.Refusal(code) : null;
        var refused = Assert.Throws<RootException>(() => TpmRoot.Open(swtpm.Settings(), channel, time));
        Assert.Contains(name, refused.Message);
        Assert.Contains(remedy, refused.Message);
        Assert.Equal(code, Assert.IsType<TpmException>(refused.InnerException).Error.Raw);
    }

    /// <summary>Every command of a whole life (open, enrol, measure, prove), cut off once: a sentence, and the next life is as if nothing happened.</summary>
    [Fact]
    public void A_channel_that_breaks_at_any_command_harms_nothing()
    {
        string device;
        EnrolChallenge challenge;
        using (var root = TpmRoot.Open(swtpm.Settings(), time))
        {
            var (blob, secret) = swtpm.MakeCredential(root, new byte[32]);
            (device, challenge) = (root.Device.Text, new(new byte[16], blob, secret, default));
        }
        var commands = Live(int.MaxValue, challenge);
        Assert.InRange(commands, 20, 80);
        for (var broken = 0; broken < commands - 2; broken++)
        {
            var at = broken;
            Assert.Throws<RootException>(() => Live(at, challenge));
        }
        using var after = TpmRoot.Open(swtpm.Settings(), time);
        Assert.Equal(device, after.Device.Text);
        Assert.NotEmpty(after.Prove(Drafts.For(after, new byte[32])).Quote!.Values);
    }

    [Fact]
    public void Every_answer_cut_short_or_grown_or_announced_wrong_is_refused()
    {
        using (TpmRoot.Open(swtpm.Settings(), time)) { }
        var changes = new Func<byte[], byte[]>[]
        {
            a => a[..^1], a => [.. a, 0], a => a[..9], a => [], a => a[..10],
            a =>
            {
                var longer = (byte[])[.. a, 0];
                BinaryPrimitives.WriteUInt32BigEndian(longer.AsSpan(2), (uint)longer.Length);
                return longer;
            },
            a =>
            {
                var shorter = a[..^1];
                BinaryPrimitives.WriteUInt32BigEndian(shorter.AsSpan(2), (uint)shorter.Length);
                return shorter;
            },
        };
        foreach (var change in changes)
            foreach (var code in (TpmCommandCode[])[TpmCommandCode.GetCapability, TpmCommandCode.CreatePrimary, TpmCommandCode.StartAuthSession,
                TpmCommandCode.PolicySecret, TpmCommandCode.Load, TpmCommandCode.Quote, TpmCommandCode.PcrRead, TpmCommandCode.PcrExtend, TpmCommandCode.ReadClock])
            {
                var channel = new FaultyChannel(swtpm.Address);
                var changed = 0;
                channel.After = (asked, answer) => asked == code && changed++ == 0 ? change(answer) : answer;
                var refused = Assert.Throws<RootException>(() =>
                {
                    using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
                    root.Extend(new byte[32]);
                    root.Prove(Drafts.For(root, new byte[32]));
                });
                Assert.Contains("not a TPM's answer", refused.Message);
            }
    }

    public void Dispose() => swtpm.Dispose();

    /// <returns>How many commands it took.</returns>
    private int Live(int broken, EnrolChallenge challenge)
    {
        var channel = new FaultyChannel(swtpm.Address);
        channel.Before = _ => channel.Asked.Count - 1 == broken ? throw new IOException("pulled out") : null;
        using (var root = TpmRoot.Open(swtpm.Settings(), channel, time))
        {
            root.AnswerEnrolment(challenge, new byte[32]);
            root.Extend(new byte[32]);
            root.Prove(Drafts.For(root, new byte[32]));
        }
        return channel.Asked.Count;
    }
}
