using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Counters and clock of one key only go forward (attack A20): a smaller one is a copy of a TPM's state, a replay, or another TPM
/// (A48). So do session keys. TPM 2.0 Library part 1, 36.
/// </summary>
internal static class ContinuityCheck
{
    public const int StepCount = 7;

    private static readonly Check Reset = new("counter.reset", "resetCount", "not less than before", "TPM 2.0 part 1, 36.3");
    private static readonly Check Restart = new("counter.restart", "restartCount", "not less than before in this boot", "TPM 2.0 part 1, 36.3");
    private static readonly Check Clock = new("clock.back", "clock", "not earlier than before", "TPM 2.0 part 1, 36.2");
    private static readonly Check ClockSafe = new("clock.safe", "clock", "safe: not set back by a loss of power", "TPM 2.0 part 1, 36.6");
    private static readonly Check LogBoot = new("log.boot", "measurement log", "the log of the boot that was signed", "PROTOCOL.md 6");
    private static readonly Check LogFrom = new("log.from", "measurement log", "from its start or from where we know it", "PROTOCOL.md 6");

    private static readonly Check Superseded = new("session.superseded", "session key", "the present one, or one never seen before", "PROTOCOL.md 3 and 8");

    /// <summary>Findings that fail refuse the evidence; an unsafe clock is a warning.</summary>
    public static void Run(in SignedState signed, LogTail log, ReadOnlySpan<byte> session, AttesterState before, FindingList findings)
    {
        var sameBoot = signed.Boot == before.Boot;
        if (signed.Boot >= before.Boot) findings.Pass(Reset);
        else findings.Add(Reset.Failed($"at least {before.Boot}", $"{signed.Boot}"));

        if (!sameBoot || signed.RestartCount >= before.RestartCount) findings.Pass(Restart);
        else findings.Add(Restart.Failed($"at least {before.RestartCount}", $"{signed.RestartCount}"));

        // A clock that lost power may stand up to 70 minutes back and then says it is not safe; within one run it never goes back.
        var mayStandBack = !signed.Safe && !(sameBoot && signed.RestartCount == before.RestartCount);
        if (mayStandBack || signed.Clock >= before.Clock) findings.Pass(Clock);
        else findings.Add(Clock.Failed($"at least {before.Clock} ms", $"{signed.Clock} ms"));

        if (signed.Safe) findings.Pass(ClockSafe);
        else findings.Add(ClockSafe.Ended(Outcome.Warn, "not safe: the TPM lost power without an orderly shutdown"));

        if (log.Boot == signed.Boot) findings.Pass(LogBoot);
        else findings.Add(LogBoot.Failed($"boot {signed.Boot}", $"boot {log.Boot}"));

        var cursor = sameBoot ? before.LogCount : 0;
        if (log.From == 0 || log.From == cursor) findings.Pass(LogFrom);
        else findings.Add(LogFrom.Failed($"entry 0 or {cursor}", $"entry {log.From}"));

        // A, B, then A again: two machines take turns (A48). Whoever of them is the copy, one of them has to be looked at.
        for (var i = 0; i < before.Sessions.Length - 1; i++)
        {
            if (!before.Sessions[i].Span.SequenceEqual(session)) continue;
            findings.Add(Superseded.Failed($"key {Words.Hex(before.Sessions[^1].Span)} or a new one", $"key {Words.Hex(session)}, which that one had taken the place of"));
            return;
        }
        findings.Pass(Superseded);
    }
}
