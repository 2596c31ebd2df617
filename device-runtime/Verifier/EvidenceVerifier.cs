using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Turns evidence into verified evidence. Pure: no I/O, no clock of its own. Thread-safe. In this order (RFC 9334, PROTOCOL.md sections
/// 4 to 6; reference order of the handshake profile):
/// <list type="number">
/// <item>size, then one deterministic encoding and the profile (<c>evidence.size</c>, <c>evidence.format</c>)</item>
/// <item>both identities (<c>evidence.device</c>, attacks A13, A32) and the kind of root that was enrolled (<c>evidence.kind</c>)</item>
/// <item>the channel's key and the session key vouched for (<c>evidence.channel</c>, <c>evidence.session-key</c>, A31, A34)</item>
/// <item>our leaf is under the challenge that was answered (<c>evidence.challenge</c>, A01)</item>
/// <item>the quote checklist (<see cref="QuoteCheck"/>), or the token's signature and extra data (<c>token.*</c>)</item>
/// <item>counters and clock never go back (<c>counter.*</c>, <c>clock.*</c>, A20), nor do session keys (<c>session.superseded</c>, A48)</item>
/// <item>the log belongs to this boot and starts where it may (<c>log.boot</c>, <c>log.from</c>)</item>
/// </list>
/// If one of these fails the evidence is refused and changes nothing. What passed all of them is authentic, and is appraised:
/// <list type="number">
/// <item>the log replays to the signed value (<c>log.*</c>, A21, A23, A24)</item>
/// <item>policy and reference values exist and are in force (A08, A29, A30), tier, channel binding and firmware are allowed (A19)</item>
/// <item>registers and files against reference values</item>
/// <item>the vector, and the status as the conjunction of all findings (A15, A16)</item>
/// </list>
/// </summary>
public sealed class EvidenceVerifier
{
    private static readonly Check Size = new("evidence.size", "evidence", $"at most {Caps.Evidence} bytes", "PROTOCOL.md 1");
    private static readonly Check Format = new("evidence.format", "evidence", "one CMW collection in deterministic CBOR, of our profile", "PROTOCOL.md 5");

    /// <param name="bytes">The evidence as it came over the channel; malformed bytes become a finding.</param>
    /// <param name="leaf">What the challenger itself knows it asked, over which channel.</param>
    /// <param name="sessionSpki">SubjectPublicKeyInfo of the attester's TLS key, DER; the claims' cnf must be its thumbprint.</param>
    /// <param name="policy">Null where there is none: the verdict is then never better than none (attack A29).</param>
    /// <param name="reference">Null where there is none for the device's model (attack A08).</param>
    public VerificationResult Verify(
        ReadOnlyMemory<byte> bytes,
        ChallengeLeaf leaf,
        ReadOnlyMemory<byte> sessionSpki,
        EnrolledDevice device,
        AttesterState before,
        AppraisalPolicy? policy,
        AppraisalReference? reference,
        DateTimeOffset now)
    {
        var findings = new FindingList();
        if (bytes.Length > Caps.Evidence)
        {
            findings.Add(Size.Failed($"{bytes.Length} bytes"));
            return Refused(findings);
        }
        findings.Pass(Size);
        Evidence evidence;
        try
        {
            evidence = Evidence.Decode(bytes);
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return Refused(findings);
        }
        return Verify(evidence, bytes, leaf, sessionSpki, device, before, policy, reference, now, findings);
    }

    /// <param name="evidence">What stands in <paramref name="bytes"/>, save that a bundle brings the whole log instead of a tail.</param>
    /// <param name="judge">Appraises in the place of <paramref name="policy"/>, by which the evidence was asked for (<see cref="PolicyTrial"/>); it names no register
    /// that was not asked for.</param>
    internal static VerificationResult Verify(
        Evidence evidence,
        ReadOnlyMemory<byte> bytes,
        ChallengeLeaf leaf,
        ReadOnlyMemory<byte> sessionSpki,
        EnrolledDevice device,
        AttesterState before,
        AppraisalPolicy? policy,
        AppraisalReference? reference,
        DateTimeOffset now,
        FindingList? begun = null,
        AppraisalPolicy? judge = null)
    {
        var findings = begun ?? new FindingList();
        Claims claims;
        try
        {
            claims = Claims.Decode(evidence.ClaimsBytes);
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return Refused(findings);
        }
        findings.Pass(Format);
        var firstCount = findings.Count;

        BindingCheck.Run(evidence, claims, leaf, sessionSpki.Span, device, findings);
        var proof = device.Tier == AssuranceTier.TpmQuote
            ? QuoteProof.Run(evidence, claims, leaf.Role, device.Key, policy, findings)
            : TokenProof.Run(evidence, claims, leaf.Role, device.Key, findings);
        if (proof is not { } signed) return Refused(findings);
        ContinuityCheck.Run(signed, evidence.Log, claims.SessionKeyThumbprint.Span, before, findings);
        // Not only "nothing failed": every item of the list has left its finding (A16).
        var steps = device.Tier == AssuranceTier.TpmQuote ? QuoteProof.StepCount : TokenProof.StepCount;
        if (findings.AnyFailure || findings.Count - firstCount != BindingCheck.StepCount + steps + ContinuityCheck.StepCount) return Refused(findings);

        var log = LogReplay.Run(signed, evidence.Log, before, findings);
        var sessions = before.SessionsWith(claims.SessionKeyThumbprint);
        var after = log is not { } whole
            ? AttesterState.None with { Boot = signed.Boot, RestartCount = signed.RestartCount, Clock = signed.Clock, FirmwareVersion = signed.FirmwareVersion, Sessions = sessions }
            : new AttesterState(signed.Boot, signed.RestartCount, signed.Clock, signed.FirmwareVersion, whole.Count, whole.Value, whole.Current)
            {
                Sessions = sessions,
                Appraised = ReferenceEquals(whole.Current, before.Current) ? before.Appraised : null,
            };
        if (judge is not null) signed = signed with { Registers = [.. signed.Registers.Where(register => judge.Policy.Pcrs.Contains(register.Index))] };
        var verdict = Appraisal.Run(device, leaf, signed, ref after, log is not null, judge ?? policy, reference, now, findings);
        var verified = new VerifiedEvidence
        {
            Device = device.Device,
            EnrolmentId = device.EnrolmentId,
            Before = before,
            After = after,
            Appended = log?.Appended ?? [],
            Verdict = verdict,
            Claims = claims,
            Registers = Unexplained(signed.Registers, policy?.Policy.MeasurementPcr ?? QuoteRequest.DefaultMeasurementPcr),
            Bytes = bytes,
            Asked = leaf,
        };
        return new(verified, verdict.Because);
    }

    /// <summary>The register of the measurements is explained by its log, and its value depends on the order in which they were made.</summary>
    private static IReadOnlyList<PcrValue> Unexplained(IReadOnlyList<PcrValue> registers, int measurement)
        => registers.Count == 0 || registers is [var only] && only.Index == measurement ? [] : [.. registers.Where(register => register.Index != measurement)];

    private static VerificationResult Refused(FindingList findings) => new(null, findings.ToBecause());
}
