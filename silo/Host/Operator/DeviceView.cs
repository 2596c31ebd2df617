using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Measured;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>A twin's state in the words of the API.</summary>
public static class DeviceView
{
    /// <summary>Of a file that is not there, in place of its digest.</summary>
    internal const string Absent = "absent";

    private static readonly string[] Categories = ["instance-identity", "configuration", "executables", "file-system", "hardware", "runtime-opaque", "storage-opaque", "sourced-data"];

    public static DeviceDetail Detail(TwinState state, ReferenceValues? references, Prevalence prevalence, FirstSeen first, DateTimeOffset now)
    {
        var (enrolment, attester) = (state.Enrolment, state.Attester);
        var proven = state.Verdict is not null;
        var identity = new DeviceIdentity(
            Tiers.Text(enrolment.Root), Convert.ToHexStringLower(enrolment.RootKeyHash.Span), Convert.ToHexStringLower(SHA256.HashData(enrolment.AttestationKey.Span)),
            Memberships.Endorsement(enrolment) ?? enrolment.Endorsement, Convert.ToHexStringLower(enrolment.Id.Span),
            proven && enrolment.Root == RootKind.Tpm ? $"{attester.FirmwareVersion:x16}" : null, proven ? attester.Boot : null, state.Software,
            state.Membership.IsEmpty ? null : state.MembershipUntil, proven && !attester.Sessions.IsEmpty ? Convert.ToHexStringLower(attester.Sessions[^1].Span) : null);
        var measurements = Files(state, references, prevalence, first);
        var timeline = state.Timeline.Select(line => new TrustEvent(0, line.At, enrolment.Device.Text, enrolment.Name, EventKinds.Text(line.Kind), line.Text, line.Actor));
        var registers = Quoted(state, references, prevalence, first).ToList();
        return new(DeviceEntry.Of(state).Summary(now), identity, state.Verdict is { } verdict ? Verdict(verdict, VerdictLine.Since(state.Timeline)) : null, [.. measurements], [.. timeline], registers.Count == 0 ? null : registers);
    }

    internal static IEnumerable<Contracts.Measurement> Files(TwinState state, ReferenceValues? references, Prevalence prevalence, FirstSeen first)
        => state.Attester.Current.Select(pair => Measured(state.Enrolment.Model, pair.Key, pair.Value, references, prevalence, first));

    internal static IEnumerable<RegisterMeasurement> Quoted(TwinState state, ReferenceValues? references, Prevalence prevalence, FirstSeen first)
        => state.Registers.Select(register => Quoted(state.Enrolment.Model, register, references, prevalence, first));

    private static Contracts.Measurement Measured(string model, string name, ReadOnlyMemory<byte> digest, ReferenceValues? references, Prevalence prevalence, FirstSeen first)
    {
        var (good, key) = (references?.Files.GetValueOrDefault(name), MeasuredKeys.Name(name));
        var share = prevalence.Find(model, key, digest.Span);
        return new(
            name, Hex(digest), Judge(good, digest), good?.Select(Hex).ToList(), first.Find(model, key, digest.Span), share.Of == 0 ? null : share.Seen, share.Of == 0 ? null : share.Of, share.IsRare);
    }

    private static RegisterMeasurement Quoted(string model, PcrValue register, ReferenceValues? references, Prevalence prevalence, FirstSeen first)
    {
        var (good, key) = (references?.Registers.GetValueOrDefault(register.Index), MeasuredKeys.Register(register.Index));
        var share = prevalence.Find(model, key, register.Value.Span);
        return new(
            register.Index, Hex(register.Value), Judge(good, register.Value), good?.Select(Hex).ToList(), first.Find(model, key, register.Value.Span),
            share.Of == 0 ? null : share.Seen, share.Of == 0 ? null : share.Of, share.IsRare);
    }

    /// <summary>Of a digest; of an absent file that word.</summary>
    internal static string Hex(ReadOnlyMemory<byte> digest) => digest.IsEmpty ? Absent : Convert.ToHexStringLower(digest.Span);

    private static DeviceVerdict Verdict(Verifier.Verdict verdict, Func<string, DateTimeOffset?> since)
        => new(
            TwinTransition.Text(verdict.Status), Tiers.Text(verdict.Tier), verdict.IssuedAt, verdict.ExpiresAt, verdict.PolicyId, verdict.PolicySerial, verdict.ReferenceSerial,
            verdict.Vector.ToDictionary(pair => Categories[pair.Key], pair => pair.Value),
            [.. verdict.Because.Select(finding => finding.Outcome == Outcome.Pass ? Because(finding) : Because(finding) with { Since = since(finding.Claim) })]);

    internal static Because Because(Finding finding) => new(finding.Check, finding.Claim, finding.Expected, finding.Got, finding.Rule, Text(finding.Outcome));

    private static string Judge(IReadOnlyList<ReadOnlyMemory<byte>>? good, ReadOnlyMemory<byte> digest)
        => good is null ? "not-compared" : good.Any(value => value.Span.SequenceEqual(digest.Span)) ? "pass" : "fail";

    private static string Text(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "pass", Outcome.Fail => "fail", Outcome.Warn => "warn", Outcome.NotCompared => "not-compared", Outcome.NoPolicy => "no-policy", _ => "no-answer",
    };
}
