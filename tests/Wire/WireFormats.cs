using TrustMesh.Tests.Wire.Log;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Wire;

/// <summary>Every CBOR format of the protocol; golden files, mutations and the fuzzer all run over this one list.</summary>
public static class WireFormats
{
    public static IReadOnlyList<WireFormat> All { get; } =
    [
        new("activate-tpm", "ActivateRequest.Decode", Samples.ActivateTpm.Encode(), b => ActivateRequest.Decode(b).Encode()),
        new("activate-signed", "ActivateRequest.Decode", Samples.ActivateSigned.Encode(), b => ActivateRequest.Decode(b).Encode()),
        new("attestation-result", "AttestationResult.DecodePayload", Samples.Result.EncodePayload(), b => AttestationResult.DecodePayload(b).EncodePayload()),
        new("bundle", "Bundle.Decode", Samples.Bundle.Encode(), b => Bundle.Decode(b).Encode()),
        new("bundle-no-reference", "Bundle.Decode", (Samples.Bundle with { ReferenceValues = null }).Encode(), b => Bundle.Decode(b).Encode()),
        new("challenge", "Challenge.Decode", Samples.Challenge.Encode(), b => Challenge.Decode(b).Encode()),
        new("challenge-leaf", "ChallengeLeaf.Decode", Samples.Leaf.Encode(), b => ChallengeLeaf.Decode(b).Encode()),
        new("challenge-leaf-unbound", "ChallengeLeaf.Decode", Samples.UnboundLeaf.Encode(), b => ChallengeLeaf.Decode(b).Encode()),
        new("challenge-request", "ChallengeRequest.Decode", new ChallengeRequest(Samples.Device).Encode(), b => ChallengeRequest.Decode(b).Encode()),
        new("claims-quote", "Claims.Decode", Samples.Claims.Encode(), b => Claims.Decode(b).Encode(), Open: true),
        new("claims-token", "Claims.Decode", Samples.TokenClaims.Encode(), b => Claims.Decode(b).Encode(), Open: true),
        new("cose-sign1", "CoseSign1.Decode", Samples.Statement, Recode),
        new("cose-sign1-chain", "CoseSign1.Decode", Samples.StatementWithChain, Recode),
        new("cose-sign1-corim", "CoseSign1.Decode", Samples.CorimStatement, Recode),
        new("enrol-challenge-tpm", "EnrolChallenge.Decode", Samples.EnrolChallengeTpm.Encode(), b => EnrolChallenge.Decode(b).Encode()),
        new("enrol-challenge-nonce", "EnrolChallenge.Decode", Samples.EnrolChallengeNonce.Encode(), b => EnrolChallenge.Decode(b).Encode()),
        new("enrol-request-tpm", "EnrolRequest.Decode", Samples.EnrolTpm.Encode(), b => EnrolRequest.Decode(b).Encode()),
        new("enrol-request-software", "EnrolRequest.Decode", Samples.EnrolSoftware.Encode(), b => EnrolRequest.Decode(b).Encode()),
        new("enrol-request-pkcs11", "EnrolRequest.Decode", PeerSamples.EnrolToken.Encode(), b => EnrolRequest.Decode(b).Encode()),
        new("enrol-result-pending", "EnrolResult.Decode", new EnrolResult(Standing.Pending, Samples.Device, null).Encode(), b => EnrolResult.Decode(b).Encode()),
        new("enrol-result-active", "EnrolResult.Decode", new EnrolResult(Standing.Active, Samples.Device, Samples.Fill(40, 90)).Encode(), b => EnrolResult.Decode(b).Encode()),
        new("evidence-tpm", "Evidence.Decode", Samples.Evidence.Encode(), b => Evidence.Decode(b).Encode()),
        new("evidence-token", "Evidence.Decode", Samples.TokenEvidence.Encode(), b => Evidence.Decode(b).Encode()),
        new("inclusion-proof", "InclusionProof.Decode", Samples.Proof.Encode(), b => InclusionProof.Decode(b).Encode()),
        new("log-entry-file", "LogEntry.Decode", Samples.FileEntry.Encode(), b => LogEntry.Decode(b).Encode()),
        new("log-entry-absent", "LogEntry.Decode", Samples.AbsentEntry.Encode(), b => LogEntry.Decode(b).Encode()),
        new("log-entry-event", "LogEntry.Decode", Samples.EventEntry.Encode(), b => LogEntry.Decode(b).Encode()),
        new("log-tail", "LogTail.Decode", Samples.Log.Encode(), b => LogTail.Decode(b).Encode()),
        new("membership-p256", "Membership.DecodePayload", Samples.Membership.EncodePayload(), b => Membership.DecodePayload(b).EncodePayload()),
        new("membership-p384", "Membership.DecodePayload", (Samples.Membership with { AttestationKey = Samples.P384Key }).EncodePayload(), b => Membership.DecodePayload(b).EncodePayload()),
        new("membership-rsa", "Membership.DecodePayload", (Samples.Membership with { AttestationKey = Samples.RsaKey }).EncodePayload(), b => Membership.DecodePayload(b).EncodePayload()),
        new("membership-endorsed", "Membership.DecodePayload", PeerSamples.Endorsed.EncodePayload(), b => Membership.DecodePayload(b).EncodePayload()),
        new("mesh-log-entry", "MeshLogEntry.Decode", LogSamples.Entry.Encode(), b => MeshLogEntry.Decode(b).Encode()),
        new("mesh-log-entry-mesh", "MeshLogEntry.Decode", LogSamples.MeshEntry.Encode(), b => MeshLogEntry.Decode(b).Encode()),
        new("peer-assignment", "PeerAssignment.DecodePayload", PeerSamples.Assignment.EncodePayload(), b => PeerAssignment.DecodePayload(b).EncodePayload()),
        new("peer-close", "PeerClose.Decode", PeerSamples.Close.Encode(), b => PeerClose.Decode(b).Encode()),
        new("peer-hello-first", "PeerHello.Decode", PeerSamples.FirstHello.Encode(), b => PeerHello.Decode(b).Encode()),
        new("peer-hello-second", "PeerHello.Decode", PeerSamples.SecondHello.Encode(), b => PeerHello.Decode(b).Encode()),
        new("peer-hello-whoever", "PeerHello.Decode", (PeerSamples.FirstHello with { Intended = null, References = [] }).Encode(), b => PeerHello.Decode(b).Encode()),
        new("peer-proof-third", "PeerProof.Decode", PeerSamples.ThirdMessage.Encode(), b => PeerProof.Decode(b).Encode()),
        new("peer-proof-fourth", "PeerProof.Decode", PeerSamples.FourthMessage.Encode(), b => PeerProof.Decode(b).Encode()),
        new("peer-verdict", "PeerVerdict.DecodePayload", PeerSamples.Verdict.EncodePayload(), b => PeerVerdict.DecodePayload(b).EncodePayload()),
        new("policy-peers", "Policy.DecodePayload", (Samples.Policy with { Peers = new(3_600, 2, 4) }).EncodePayload(), b => Policy.DecodePayload(b).EncodePayload()),
        new("policy", "Policy.DecodePayload", Samples.Policy.EncodePayload(), b => Policy.DecodePayload(b).EncodePayload()),
        new("quote", "QuoteEvidence.Decode", Samples.Quote.Encode(), b => QuoteEvidence.Decode(b).Encode()),
        new("receipt", "Receipt.Decode", Samples.Receipt.Encode(), b => Receipt.Decode(b).Encode()),
        new("receipt-membership", "Receipt.Decode", (Samples.Receipt with { Membership = Samples.Fill(41, 90) }).Encode(), b => Receipt.Decode(b).Encode()),
        new("reference-values", "ReferenceValues.DecodePayload", Samples.References.EncodePayload(), b => ReferenceValues.DecodePayload(b, Samples.References.Meta).EncodePayload()),
        new("status-list", "StatusList.DecodePayload", PeerSamples.Status.EncodePayload(), b => StatusList.DecodePayload(b).EncodePayload()),
        new("verdict-receipt", "VerdictReceipt.Decode", new VerdictReceipt(8).Encode(), b => VerdictReceipt.Decode(b).Encode()),
        new("verdict-upload", "VerdictUpload.Decode", PeerSamples.Upload.Encode(), b => VerdictUpload.Decode(b).Encode()),
        new("verdict-upload-nothing", "VerdictUpload.Decode", new VerdictUpload(0, [], []).Encode(), b => VerdictUpload.Decode(b).Encode()),
        new("watch-answer", "WatchAnswer.Decode", PeerSamples.WatchAnswer.Encode(), b => WatchAnswer.Decode(b).Encode()),
        new("watch-answer-nothing", "WatchAnswer.Decode", WatchAnswer.Nothing.Encode(), b => WatchAnswer.Decode(b).Encode()),
        new("watch-request", "WatchRequest.Decode", PeerSamples.WatchRequest.Encode(), b => WatchRequest.Decode(b).Encode()),
    ];

    public static TheoryData<WireFormat> Theory => new(All);

    /// <summary>Puts a statement together from what was read; kid and typ are optional to the reader, so the header is kept as it came.</summary>
    private static byte[] Recode(ReadOnlyMemory<byte> bytes)
    {
        var statement = CoseSign1.Decode(bytes);
        var writer = new StrictCborWriter(new byte[256]);
        writer.WriteTag(18);
        writer.WriteArray(4);
        writer.WriteBytes("protected", statement.ProtectedHeader, 0, 4096);
        var chain = statement.CertificateChain;
        writer.WriteMap(chain.Count == 0 ? 0 : 1);
        if (chain.Count > 0) writer.WriteKey(33);
        if (chain.Count > 1) writer.WriteArray(chain.Count);
        foreach (var certificate in chain) writer.WriteBytes("x5chain", certificate, 0, 1 << 20);
        writer.WriteBytes("payload", statement.Payload, 0, 1 << 20);
        writer.WriteBytes("signature", statement.Signature, 64);
        if (statement is { Typ: { } typ, KeyId.Length: 32 })
        {
            var prepared = CoseSign1.Prepare(statement.Payload, statement.KeyId, typ, statement.Corim);
            Assert.Equal(statement.ToBeSigned, prepared.ToBeSigned);
            Assert.Equal(writer.Written, prepared.Complete(statement.Signature.Span, chain));
        }
        return writer.ToArray("COSE_Sign1", 1 << 21);
    }
}
