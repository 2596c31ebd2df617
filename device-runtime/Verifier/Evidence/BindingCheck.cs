using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Merkle;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Who says it, over which channel, in answer to what: identities, keys of the connection, and our leaf under the challenge that was
/// answered (attacks A01, A02, A13, A31, A32, A34). PROTOCOL.md sections 3 and 4.
/// </summary>
internal static class BindingCheck
{
    public const int StepCount = 5;

    private static readonly Check Device = new("evidence.device", "ueid", "the enrolled device, which is the one we asked and not ourselves", "PROTOCOL.md 2");
    private static readonly Check Kind = new("evidence.kind", "evidence", "the form of the root that was enrolled", "PROTOCOL.md 5");
    private static readonly Check Channel = new("evidence.channel", "TLS key", "the key of the connection the question went over", "PROTOCOL.md 4");
    private static readonly Check SessionKey = new("evidence.session-key", "cnf", "the thumbprint of the connection's key", "RFC 9679; PROTOCOL.md 5");
    private static readonly Check Challenge = new("evidence.challenge", "eat_nonce", "a challenge that contains our question", "RFC 6962 2.1.1; PROTOCOL.md 4");

    public static void Run(Evidence evidence, Claims claims, ChallengeLeaf leaf, ReadOnlySpan<byte> sessionSpki,
        EnrolledDevice device, FindingList findings)
    {
        if (claims.Device == device.Device && leaf.Attester == device.Device && leaf.Challenger != device.Device) findings.Pass(Device);
        else findings.Add(Device.Failed(device.Device.Text, $"claims {claims.Device.Text}, asked {leaf.Attester.Text}, by {leaf.Challenger.Text}"));

        var quoted = device.Tier == AssuranceTier.TpmQuote;
        if (quoted ? evidence is { Quote: not null, Token: null } : evidence is { Quote: null, Token: not null }) findings.Pass(Kind);
        else findings.Add(Kind.Failed(quoted ? "a TPM quote" : "claims signed by the identity key", evidence.Quote is null ? "signed claims" : "a TPM quote"));

        CheckChannel(claims, leaf, sessionSpki, findings);

        Span<byte> leafHash = stackalloc byte[Caps.Hash], root = stackalloc byte[Caps.Hash];
        leaf.LeafHash(leafHash);
        var proof = evidence.Proof;
        var led = MerkleTree.TryRootFromProof(leafHash, proof.Index, proof.Size, proof.Path, root);
        if (led && CryptographicOperations.FixedTimeEquals(root, claims.Challenge.Span)) findings.Pass(Challenge);
        else findings.Add(Challenge.Failed(led ? Words.Hex(root) : "an inclusion proof of our leaf", Words.Hex(claims.Challenge.Span)));
    }

    private static void CheckChannel(Claims claims, ChallengeLeaf leaf, ReadOnlySpan<byte> sessionSpki, FindingList findings)
    {
        Span<byte> hash = stackalloc byte[Caps.Hash];
        SHA256.HashData(sessionSpki, hash);
        if (CryptographicOperations.FixedTimeEquals(hash, leaf.AttesterSpki.Span)) findings.Pass(Channel);
        else findings.Add(Channel.Failed(Words.Hex(leaf.AttesterSpki.Span), Words.Hex(hash)));

        var known = KeyThumbprint.TryOfSpki(sessionSpki, hash);
        if (known && CryptographicOperations.FixedTimeEquals(hash, claims.SessionKeyThumbprint.Span)) findings.Pass(SessionKey);
        else findings.Add(SessionKey.Failed(known ? Words.Hex(hash) : "a P-256 key", Words.Hex(claims.SessionKeyThumbprint.Span)));
    }
}
