using System.Globalization;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Host.Operator;

/// <summary>Evidence for people, part by part, as PROTOCOL.md names it. It was verified when it was accepted; here it is only read.</summary>
internal static class EvidenceText
{
    private const int MostEntries = 500;

    /// <summary>Throws <see cref="WireException"/> if what is stored is no evidence.</summary>
    public static EvidenceView View(StoredProof stored)
    {
        var proof = TwinProof.Decode(stored.Proof);
        var evidence = Evidence.Decode(proof.Evidence);
        var parts = new List<EvidencePart> { Claims(TrustMesh.Wire.Messages.Claims.Decode(evidence.ClaimsBytes)) };
        if (evidence.Quote is { } quote) parts.AddRange([Attest(TpmAttest.Decode(quote.Attest)), Registers(quote)]);
        if (evidence.Token is { } token) parts.Add(new("token", "The claims signed by the root's own key (COSE_Sign1, RFC 9052).", [new("size", $"{token.Length} bytes"), new("sha256", Hex(SHA256.HashData(token.Span)))]));
        parts.AddRange([Leaf(ChallengeLeaf.Decode(proof.Leaf)), Proof(evidence.Proof), Log(evidence.Log, stored.Log)]);
        return new(proof.AcceptedAt, proof.PolicySerial, proof.ReferenceSerial, proof.Evidence.Length, Hex(SHA256.HashData(proof.Evidence.Span)), parts);
    }

    private static EvidencePart Claims(Claims claims) => new("claims", "What the device says of itself (EAT, RFC 9711); the quote or signature covers every byte.",
    [
        new("iat", Time(claims.IssuedAt)), new("ueid", claims.Device.Text), new("eat_nonce", Hex(claims.Challenge)), new("cnf (session key)", Hex(claims.SessionKeyThumbprint)),
        new("uptime", $"{Number(claims.UptimeSeconds)} s"), new("bootcount", Number(claims.BootCount)), new("swname", claims.SoftwareName), new("swversion", claims.SoftwareVersion),
        .. claims.ExtraData is { } extra ? [new EvidenceField("extraData", Hex(extra))] : Array.Empty<EvidenceField>(),
        .. claims.LogHead is { } head ? [new EvidenceField("log head", $"{Hex(head.Head)} after {Number(head.Count)} entries")] : Array.Empty<EvidenceField>(),
    ]);

    private static EvidencePart Attest(TpmAttest attest) => new("attest", "What the TPM signed (TPMS_ATTEST, TPM 2.0 part 2, 10.12.12).",
    [
        new("magic", attest.Magic.ToString("x8", CultureInfo.InvariantCulture)), new("type", attest.Type == TpmAttest.Quote ? "quote" : attest.Type.ToString("x4", CultureInfo.InvariantCulture)),
        new("qualifiedSigner", Hex(attest.QualifiedSigner)), new("extraData", Hex(attest.ExtraData)), new("clock", $"{Number((long)attest.Clock)} ms"), new("resetCount", Number(attest.ResetCount)),
        new("restartCount", Number(attest.RestartCount)), new("safe", attest.Safe ? "yes" : "no"), new("firmwareVersion", attest.FirmwareVersion.ToString("x16", CultureInfo.InvariantCulture)),
        .. attest.Selections.Select(selection => new EvidenceField($"pcrSelect {selection.Bank}", string.Join(", ", selection.Pcrs))), new("pcrDigest", Hex(attest.PcrDigest)),
    ]);

    private static EvidencePart Registers(QuoteEvidence quote) => new("quote", "The registers the digest is over, and the signature.",
        [.. quote.Values.Select(value => new EvidenceField($"pcr {value.Index}", Hex(value.Value))), new("signature", Hex(quote.Signature))]);

    private static EvidencePart Leaf(ChallengeLeaf leaf) => new("challenge", "What it answered: nonce, both ends and their TLS keys, the channel (PROTOCOL.md 4).",
    [
        new("nonce", Hex(leaf.Nonce)), new("challenger", leaf.Challenger.Text), new("attester", leaf.Attester.Text), new("role", leaf.Role == AttesterRole.TlsClient ? "TLS client" : "TLS server"),
        new("attester's TLS key", Hex(leaf.AttesterSpki)), new("challenger's TLS key", Hex(leaf.ChallengerSpki)),
        new("channel", leaf.BindingType == ChannelBindingType.None ? "not bound" : $"finished {Hex(leaf.BindingValue)}"),
    ]);

    private static EvidencePart Proof(InclusionProof proof) => new("proof", "That the challenge is under the nonce, which may be one for many challengers (RFC 6962 2.1.1).",
        [new("index", $"{Number(proof.Index)} of {Number(proof.Size)}"), .. proof.Path.Select((hash, i) => new EvidenceField($"path {i}", Hex(hash)))]);

    private static EvidencePart Log(LogTail tail, IReadOnlyList<ReadOnlyMemory<byte>> whole) => new("log",
        $"Measurements of boot {tail.Boot}: this evidence brought {tail.Entries.Count} from entry {tail.From} on, {whole.Count} are known{(whole.Count > MostEntries ? $", the last {MostEntries} of them here" : "")}.",
        [.. whole.TakeLast(MostEntries).Select(LogEntry.Decode).Select(entry => new EvidenceField($"{Number(entry.Sequence)} {entry.Kind.ToString().ToLowerInvariant()} {entry.Name}", entry.Digest.IsEmpty ? "absent" : Hex(entry.Digest)))]);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
