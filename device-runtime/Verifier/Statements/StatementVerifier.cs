using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Verifier;

/// <summary>
/// Accepts what the mesh authority signed (attacks A28, A30, A46). PROTOCOL.md section 9, for every statement:
/// <list type="number">
/// <item><c>statement.format</c> one COSE_Sign1 and one payload, each in its one encoding</item>
/// <item><c>statement.typ</c> the kind of statement that was expected</item>
/// <item><c>statement.signature</c> kid names the authority's key, and the key made the signature</item>
/// <item><c>statement.issuer</c> the mesh's name, where the caller knows it</item>
/// <item><c>statement.dates</c> not issued in the future, not expired</item>
/// <item><c>statement.serial</c> not older than the one before (policy, reference values)</item>
/// <item><c>policy.patterns</c>, <c>policy.registers</c>, <c>reference.model</c>, <c>result.chain</c>, <c>status.uri</c>, <c>peers.device</c>: what the kind needs besides</item>
/// </list>
/// Pure and thread-safe.
/// </summary>
/// <param name="authority">The mesh authority's key: the pin is what makes it that.</param>
/// <param name="issuer">The name every statement must carry; null to leave the name open, because the key alone decides.</param>
public sealed class StatementVerifier(AttestationKey authority, string? issuer = null)
{
    /// <summary>How far clocks of a mesh may differ before a statement counts as issued in the future.</summary>
    public static TimeSpan ClockSkew { get; } = TimeSpan.FromMinutes(5);

    private static readonly Check Format = new("statement.format", "statement", "one COSE_Sign1 over one payload, each in its one encoding", "PROTOCOL.md 1 and 9");
    private static readonly Check Typ = new("statement.typ", "typ", "the kind of statement expected", "RFC 9596; PROTOCOL.md 9");
    private static readonly Check Signature = new("statement.signature", "signature", "made by the mesh authority", "RFC 9052 4.4");
    private static readonly Check Issuer = new("statement.issuer", "iss", "the mesh's name", "PROTOCOL.md 9");
    private static readonly Check Dates = new("statement.dates", "iat and exp", "issued before now and not expired", "RFC 8392 3.1");
    private static readonly Check Serial = new("statement.serial", "serial", "not older than the one before", "PROTOCOL.md 9");
    private static readonly Check Patterns = new("policy.patterns", "patterns", "anchored globs that can not match everything", "PROTOCOL.md 9");
    private static readonly Check Registers = new("policy.registers", "registers", "registers that can not be reset, the measurement register among them", "PROTOCOL.md 6");
    private static readonly Check Model = new("reference.model", "model", "the device's model", "PROTOCOL.md 9");

    private static readonly Check ListUri = new("status.uri", "status list", "the list the membership points to", "draft-ietf-oauth-status-list 8.3; PROTOCOL.md 14");
    private static readonly Check Assigned = new("peers.device", "peers", "an assignment for this device", "PROTOCOL.md 15");

    private readonly ResultChain results = new(authority);

    /// <param name="leastSerial">Serial of the policy in force; the same one is accepted again, an older one never (A30).</param>
    public Statement<AppraisalPolicy> VerifyPolicy(ReadOnlyMemory<byte> signed, DateTimeOffset now, long leastSerial = 0)
    {
        var findings = new FindingList();
        var policy = Read(signed, Policy.Typ, findings, statement => Policy.DecodePayload(statement.Payload));
        if (policy is null) return new(null, findings.ToBecause());
        CheckIssuer(policy.Issuer, findings);
        CheckDates(policy.IssuedAt, policy.ExpiresAt, now, findings);
        CheckSerial(policy.Serial, leastSerial, findings);
        CheckRegisters(policy, findings);
        if (NamePatterns.TryCompile(policy.MayChange, out var patterns, out var problem)) findings.Pass(Patterns);
        else findings.Add(Patterns.Failed(problem));
        return new(findings.AnyFailure ? null : new(policy, signed, patterns), findings.ToBecause());
    }

    /// <param name="model">The model the caller wants values of; null for any.</param>
    /// <inheritdoc cref="VerifyPolicy"/>
    public Statement<AppraisalReference> VerifyReference(ReadOnlyMemory<byte> signed, DateTimeOffset now, long leastSerial = 0, string? model = null)
    {
        var findings = new FindingList();
        var values = Read(signed, ReferenceValues.Typ, findings, statement => statement.Corim is { } meta
            ? ReferenceValues.DecodePayload(statement.Payload, meta)
            : throw new WireException("protected header", 0, "no CWT claims (15)"));
        if (values is null) return new(null, findings.ToBecause());
        CheckIssuer(values.Issuer, findings);
        CheckDates(0, values.ExpiresAt, now, findings);
        CheckSerial(values.Serial, leastSerial, findings);
        if (model is null || model == values.Model) findings.Pass(Model);
        else findings.Add(Model.Failed(model, values.Model));
        return new(findings.AnyFailure ? null : new(values, signed), findings.ToBecause());
    }

    public Statement<Membership> VerifyMembership(ReadOnlyMemory<byte> signed, DateTimeOffset now)
    {
        var findings = new FindingList();
        var membership = Read(signed, Membership.Typ, findings, statement => Membership.DecodePayload(statement.Payload));
        if (membership is null) return new(null, findings.ToBecause());
        CheckIssuer(membership.Issuer, findings);
        CheckDates(membership.IssuedAt, membership.ExpiresAt, now, findings);
        return new(findings.AnyFailure ? null : membership, findings.ToBecause());
    }

    /// <summary>Who is revoked or suspended (PROTOCOL.md section 14).</summary>
    /// <param name="uri">The list the device's membership points to; null for any.</param>
    /// <inheritdoc cref="VerifyPolicy"/>
    public Statement<SignedStatement<StatusList>> VerifyStatusList(ReadOnlyMemory<byte> signed, DateTimeOffset now, long leastSerial = 0, string? uri = null)
    {
        var findings = new FindingList();
        var list = Read(signed, StatusList.Typ, findings, statement => StatusList.DecodePayload(statement.Payload));
        if (list is null) return new(null, findings.ToBecause());
        CheckIssuer(list.Issuer, findings);
        CheckDates(list.IssuedAt, list.ExpiresAt, now, findings);
        CheckSerial(list.Serial, leastSerial, findings);
        if (uri is null || uri == list.Uri) findings.Pass(ListUri);
        else findings.Add(ListUri.Failed(uri, list.Uri));
        return new(findings.AnyFailure ? null : new(list, signed), findings.ToBecause());
    }

    /// <summary>Whom a device is to examine (PROTOCOL.md section 15).</summary>
    /// <param name="device">The device it has to be for; null for any.</param>
    /// <inheritdoc cref="VerifyPolicy"/>
    public Statement<SignedStatement<PeerAssignment>> VerifyAssignment(ReadOnlyMemory<byte> signed, DateTimeOffset now, long leastSerial = 0, DeviceId? device = null)
    {
        var findings = new FindingList();
        var assignment = Read(signed, PeerAssignment.Typ, findings, statement => PeerAssignment.DecodePayload(statement.Payload));
        if (assignment is null) return new(null, findings.ToBecause());
        CheckIssuer(assignment.Issuer, findings);
        CheckDates(assignment.IssuedAt, assignment.ExpiresAt, now, findings);
        CheckSerial(assignment.Serial, leastSerial, findings);
        if (device is null || device == assignment.Device) findings.Pass(Assigned);
        else findings.Add(Assigned.Failed(device.Value.Text, assignment.Device.Text));
        return new(findings.AnyFailure ? null : new(assignment, signed), findings.ToBecause());
    }

    /// <summary>A silo's attestation result: signed by the key of the first certificate of its chain, which the authority issued.</summary>
    public Statement<AttestationResult> VerifyResult(ReadOnlyMemory<byte> signed, DateTimeOffset now)
    {
        var findings = new FindingList();
        var result = Read(signed, AttestationResult.Typ, findings, statement => AttestationResult.DecodePayload(statement.Payload),
            statement => results.FindSigner(statement.CertificateChain, now, findings));
        if (result is null) return new(null, findings.ToBecause());
        CheckDates(result.IssuedAt, result.ExpiresAt, now, findings);
        return new(findings.AnyFailure ? null : result, findings.ToBecause());
    }

    /// <summary>Reads a payload only after its signature: bytes nobody answers for are not parsed (A39).</summary>
    private T? Read<T>(ReadOnlyMemory<byte> signed, string typ, FindingList findings, Func<CoseSign1, T> decode, Func<CoseSign1, AttestationKey?>? signer = null)
        where T : class
    {
        try
        {
            var statement = CoseSign1.Decode(signed);
            if (statement.Typ == typ) findings.Pass(Typ);
            else findings.Add(Typ.Failed(typ, statement.Typ ?? "none"));
            var key = signer is null ? authority : signer(statement);
            if (key is null || !findings.Require(Signature, key.Verify(statement), "a signature that this key did not make, or of another key") || findings.AnyFailure) return null;
            var payload = decode(statement);
            findings.Pass(Format);
            return payload;
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return null;
        }
    }

    private void CheckIssuer(string named, FindingList findings)
    {
        if (issuer is null) return;
        if (named == issuer) findings.Pass(Issuer);
        else findings.Add(Issuer.Failed(issuer, named));
    }

    private static void CheckDates(long issuedAt, long expiresAt, DateTimeOffset now, FindingList findings)
    {
        if (DateTimeOffset.FromUnixTimeSeconds(issuedAt) <= now + ClockSkew && DateTimeOffset.FromUnixTimeSeconds(expiresAt) > now) findings.Pass(Dates);
        else findings.Add(Dates.Failed($"in force at {Words.Time(now.ToUnixTimeSeconds())}", $"{(issuedAt == 0 ? "" : $"from {Words.Time(issuedAt)} ")}until {Words.Time(expiresAt)}"));
    }

    private static void CheckSerial(long serial, long least, FindingList findings)
    {
        if (serial >= least) findings.Pass(Serial);
        else findings.Add(Serial.Failed($"at least {least}", $"{serial}"));
    }

    private static void CheckRegisters(Policy policy, FindingList findings)
    {
        // 16 and 23 can be reset by anyone (TCG PC Client Platform TPM Profile, 4.6): they prove nothing.
        var good = policy.Pcrs.Contains(policy.MeasurementPcr) && policy.MeasurementPcr <= 15 && !policy.Pcrs.Contains(16) && !policy.Pcrs.Contains(23);
        if (good) findings.Pass(Registers);
        else findings.Add(Registers.Failed($"{Words.Pcrs(policy.Pcrs)}, measurements in PCR {policy.MeasurementPcr}"));
    }
}
