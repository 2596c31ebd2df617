using System.Text;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Tests.Wire.Log;

/// <summary>The texts of the log, which C2SP wrote: one accepted form of each.</summary>
public sealed class NoteTests
{
    public static TheoryData<string, byte[]> Formats => new()
    {
        { "checkpoint-note", LogSamples.Note.Encode() },
        { "entry-bundle", LogSamples.Bundle },
    };

    private static string Text => LogSamples.Checkpoint.Encode();

    private static string Signatures => "— name " + Convert.ToBase64String([1, 2, 3, 4, 5]) + "\n";

    [Theory]
    [MemberData(nameof(Formats))]
    public void Bytes_are_those_of_the_golden_file(string name, byte[] bytes)
    {
        var path = Path.Combine(Repository.Root, "tests", "Wire", "Log", "Golden", name + ".txt");
        var text = Convert.ToHexStringLower(bytes) + "\n" + (name == "entry-bundle" ? string.Concat(EntryBundle.Decode(bytes).Select(entry => Diagnostic.Print(entry.ToArray()) + "\n")) : Encoding.UTF8.GetString(bytes));
        if (Environment.GetEnvironmentVariable("TRUSTMESH_WRITE_GOLDEN") == "1") File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
        var golden = Convert.FromHexString(File.ReadLines(path).First());
        Assert.Equal(golden, name == "entry-bundle" ? EntryBundle.Encode(EntryBundle.Decode(golden)) : SignedNote.Decode(golden).Encode());
    }

    [Fact]
    public void A_note_keeps_text_and_signatures()
    {
        var read = SignedNote.Decode(LogSamples.Note.Encode());
        Assert.Equal(Text, read.Text);
        Assert.Equal(Encoding.UTF8.GetBytes(Text), read.Signed);
        Assert.Equal(["mesh-north/log/0", "witness.example/ä"], read.Signatures.Select(one => one.Name));
        Assert.Equal(Samples.Fill(37, 64), DerSignature.Decode(read.Signatures[0].Value));
    }

    [Fact]
    public void A_checkpoint_keeps_its_fields()
    {
        var read = Checkpoint.Decode(Text);
        Assert.Equal(("mesh-north/log/0", 20_852_163L, Convert.ToHexStringLower(Samples.Fill(50, 32))), (read.Origin, read.Size, Convert.ToHexStringLower(read.Root.Span)));
        Assert.Equal("mesh-north/log/7", Checkpoint.OriginOf("mesh-north", 7));
    }

    [Theory]
    [InlineData("mesh\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", true)]
    [InlineData("mesh\n05\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("mesh\n+5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("mesh\n9223372036854775808\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("mesh\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", false)]
    [InlineData("mesh\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", false)]
    [InlineData("mesh\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \n", false)]
    [InlineData("mesh\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n", false)]
    [InlineData("mesh\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false)]
    [InlineData("\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    public void A18_A_checkpoint_has_one_form(string text, bool good)
    {
        if (good) Assert.Equal(text, Checkpoint.Decode(text).Encode());
        else Assert.Throws<WireException>(() => Checkpoint.Decode(text));
    }

    public static TheoryData<string> Wrong => new(
        "", "\n", Text, Text + "\n", Text + "\n" + Signatures[..^1], Text + "\n" + Signatures + "\n", Text + Signatures, Text + "\n" + Signatures.Replace("—", "-"), Text + "\n" + Signatures.Replace("name", "na me"),
        Text + "\n" + Signatures.Replace("name", "na+me"), Text + "\n" + Signatures.Replace("name", ""), Text + "\n— name AQID\n", Text + "\n— name AQIDBB==\n", Text + "\n— name AQIDBAU\n", Text.Replace("mesh", "me\rsh") + "\n" + Signatures,
        Text + "\n" + string.Concat(Enumerable.Repeat(Signatures, 33)));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A18_A_note_has_one_form(string note) => Assert.Throws<WireException>(() => SignedNote.Decode(Encoding.UTF8.GetBytes(note)));

    [Theory]
    [InlineData("3006020101020101", true)]
    [InlineData("300702020001020101", false)]
    [InlineData("3006020181020101", false)]
    [InlineData("300602010102010100", false)]
    [InlineData("308106020101020101", false)]
    [InlineData("3009020101020101020101", false)]
    [InlineData("3003020101", false)]
    public void A18_A_DER_signature_has_one_form(string hex, bool good)
    {
        var der = Convert.FromHexString(hex);
        if (good) Assert.Equal(der, DerSignature.Encode(DerSignature.Decode(der)));
        else Assert.Throws<WireException>(() => DerSignature.Decode(der));
    }

    [Fact]
    public void A_bundle_refuses_what_is_cut_short_empty_or_too_much()
    {
        var bundle = LogSamples.Bundle;
        var good = (int[])[0, 2 + LogSamples.Entry.Encode().Length, bundle.Length];
        for (var length = 0; length <= bundle.Length; length++)
        {
            if (good.Contains(length)) Assert.Equal(bundle[..length], EntryBundle.Encode(EntryBundle.Decode(bundle.AsMemory(0, length))));
            else Assert.Throws<WireException>(() => EntryBundle.Decode(bundle.AsMemory(0, length)));
        }
        Assert.Throws<WireException>(() => EntryBundle.Decode(new byte[2]));
        Assert.Throws<WireException>(() => EntryBundle.Decode((byte[])[0x04, 0x01, .. new byte[1025]]));
        Assert.Throws<WireException>(() => EntryBundle.Decode(Enumerable.Repeat<byte[]>([0, 1, 7], 257).SelectMany(one => one).ToArray()));
    }
}
