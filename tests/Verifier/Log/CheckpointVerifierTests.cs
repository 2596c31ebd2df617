using System.Text;
using TrustMesh.Tests.Trust;
using TrustMesh.Tests.Wire;
using TrustMesh.Trust.Authority;
using TrustMesh.Verifier;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier.Log;

public sealed class CheckpointVerifierTests : IDisposable
{
    private const string Origin = "mesh/log/0";
    private readonly SigningKey key = TwinBench.NewKey(), other = TwinBench.NewKey();

    private static Checkpoint Value => new(Origin, 7, Samples.Fill(1, 32));

    private CheckpointVerifier Verifier => new(AttestationKey.FromSubjectPublicKeyInfo(key.Spki), Origin);

    public void Dispose()
    {
        key.Dispose();
        other.Dispose();
    }

    [Fact]
    public void What_the_authority_signed_is_accepted_whoever_signed_besides()
    {
        var good = new SignedNote(Value.Encode(), [Line(other, "witness"), Line(key, Origin), new(Origin, Samples.Fill(2, 4), Samples.Fill(3, 64))]).Encode();
        var result = Verifier.Verify(good);
        Assert.Equal((Origin, 7L), (result.Accepted!.Origin, result.Accepted.Size));
        Assert.All(result.Findings, finding => Assert.Equal(Outcome.Pass, finding.Outcome));
        Assert.Equal(["log.signature", "log.format", "log.origin"], result.Findings.Select(finding => finding.Check));
    }

    [Fact]
    public void A28_A_checkpoint_that_another_key_signed_is_refused()
    {
        Refused("log.signature", [Line(other, Origin)]);
        Refused("log.signature", [new(Origin, key.SpkiHash[..4], Line(other, Origin).Value)]);
        Refused("log.signature", [Line(key, "other/log/0")]);
    }

    [Fact]
    public void A28_One_signature_of_the_authority_that_does_not_hold_refuses_the_note()
        => Refused("log.signature", [Line(key, Origin), new(Origin, key.SpkiHash[..4], Line(other, Origin).Value)]);

    [Fact]
    public void A18_A_signature_in_another_encoding_is_refused()
    {
        Refused("log.format", [new(Origin, key.SpkiHash[..4], key.Sign(Encoding.UTF8.GetBytes(Value.Encode())))]);
        Refused("log.format", [new(Origin, key.SpkiHash[..4], (byte[])[.. Line(key, Origin).Value.Span, 0])]);
    }

    [Fact]
    public void The_checkpoint_of_another_log_is_refused()
    {
        var text = (Value with { Origin = "mesh/log/1" }).Encode();
        var result = Verifier.Verify(new SignedNote(text, [new("mesh/log/1", key.SpkiHash[..4], DerSignature.Encode(key.Sign(Encoding.UTF8.GetBytes(text))))]).Encode());
        Assert.Null(result.Accepted);
        Assert.Equal("log.origin", Assert.Single(result.Findings, finding => finding.Outcome == Outcome.Fail).Check);
    }

    [Fact]
    public void A_signed_text_that_is_no_checkpoint_is_refused()
    {
        var text = $"{Origin}\n7\n";
        var result = Verifier.Verify(new SignedNote(text, [new(Origin, key.SpkiHash[..4], DerSignature.Encode(key.Sign(Encoding.UTF8.GetBytes(text))))]).Encode());
        Assert.Null(result.Accepted);
        Assert.Equal("log.format", Assert.Single(result.Findings, finding => finding.Outcome == Outcome.Fail).Check);
    }

    [Fact]
    public void Every_changed_byte_refuses_the_note()
    {
        var good = new SignedNote(Value.Encode(), [Line(key, Origin)]).Encode();
        for (var at = 0; at < good.Length; at++)
        {
            var changed = good.ToArray();
            changed[at] ^= 1;
            Assert.Null(Verifier.Verify(changed).Accepted);
        }
    }

    private NoteSignature Line(SigningKey by, string name) => new(name, by.SpkiHash[..4], DerSignature.Encode(by.Sign(Encoding.UTF8.GetBytes(Value.Encode()))));

    private void Refused(string check, IReadOnlyList<NoteSignature> lines)
    {
        var result = Verifier.Verify(new SignedNote(Value.Encode(), lines).Encode());
        Assert.Null(result.Accepted);
        Assert.Equal(check, Assert.Single(result.Findings, finding => finding.Outcome == Outcome.Fail).Check);
    }
}
