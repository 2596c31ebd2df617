using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Verifier;

/// <summary>
/// Accepts what a mesh authority signed as the state of a log (PROTOCOL.md section 18, C2SP signed-note and tlog-checkpoint):
/// <list type="number">
/// <item><c>log.format</c> one note with one checkpoint as its text, each in its one form</item>
/// <item><c>log.signature</c> a line with the log's name and the authority's key id is there, and every such line was made by its key</item>
/// <item><c>log.origin</c> the log that was asked for, where the caller knows which</item>
/// </list>
/// Lines of other keys are for others and are passed over. Pure and thread-safe.
/// </summary>
/// <param name="authority">The mesh authority's key.</param>
/// <param name="origin">The origin it must have; null for any.</param>
public sealed class CheckpointVerifier(AttestationKey authority, string? origin = null)
{
    private static readonly Check Format = new("log.format", "checkpoint", "a signed note with a checkpoint, each in its one form", "PROTOCOL.md 18");
    private static readonly Check Signature = new("log.signature", "checkpoint", "signed by the mesh authority", "C2SP signed-note; PROTOCOL.md 18");
    private static readonly Check Origin = new("log.origin", "origin", "the log asked for", "C2SP tlog-checkpoint");

    private readonly byte[] keyId = System.Security.Cryptography.SHA256.HashData(authority.SubjectPublicKeyInfo.Span)[..NoteSignature.KeyIdSize];

    /// <param name="note">The whole note, UTF-8.</param>
    public Statement<Checkpoint> Verify(ReadOnlyMemory<byte> note)
    {
        var findings = new FindingList();
        try
        {
            var signed = SignedNote.Decode(note);
            var name = signed.Text.Split('\n')[0];
            // Before the text is read: what nobody answers for is not parsed (A39).
            var ours = signed.Signatures.Where(one => one.Name == name && one.KeyId.Span.SequenceEqual(keyId)).ToList();
            if (!findings.Require(Signature, ours.Count > 0 && ours.TrueForAll(one => authority.VerifyEs256(signed.Signed, DerSignature.Decode(one.Value))), ours.Count == 0 ? "no signature of this key" : "a signature that this key did not make"))
                return new(null, findings.ToBecause());
            var checkpoint = Checkpoint.Decode(signed.Text);
            findings.Pass(Format);
            if (origin is null || checkpoint.Origin == origin) findings.Pass(Origin);
            else findings.Add(Origin.Failed(origin, checkpoint.Origin));
            return new(findings.AnyFailure ? null : checkpoint, findings.ToBecause());
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return new(null, findings.ToBecause());
        }
    }
}
