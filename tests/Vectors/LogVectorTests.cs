using System.Text;
using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Tests.Vectors;

/// <summary>Logs, notes and proofs that others made.</summary>
public sealed class LogVectorTests
{
    [Fact]
    public void Consistency_proofs_hold_or_fail_as_they_should()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Repository.Vector("transparency-dev-merkle", "consistency.json")));
        var (good, bad) = (0, 0);
        foreach (var vector in cases.RootElement.EnumerateArray())
        {
            var inRange = vector.GetProperty("size1").TryGetInt64(out var older) & vector.GetProperty("size2").TryGetInt64(out var newer);
            var wrong = vector.GetProperty("wantErr").GetBoolean();
            var holds = inRange && MerkleTree.IsConsistent(older, Bytes(vector, "root1"), newer, Bytes(vector, "root2"), Proof(vector));
            Assert.True(wrong != holds, vector.GetProperty("name").GetString());
            if (wrong) bad++;
            else good++;
        }
        Assert.True(good >= 4 && bad >= 40, $"{good} good and {bad} bad cases");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(15)]
    public void A_log_of_Tessera_reads_as_ours_would(int size)
    {
        var folder = Repository.Vector("transparency-dev-tessera");
        var note = SignedNote.Decode(File.ReadAllBytes(Path.Combine(folder, $"checkpoint.{size}")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, $"checkpoint.{size}")), note.Encode());
        var checkpoint = Checkpoint.Decode(note.Text);
        Assert.Equal(("example.com/log/testdata", (long)size), (checkpoint.Origin, checkpoint.Size));

        Assert.Equal([$"tile/0/000.p/{size}"], LogTile.Hashes(size).Select(tile => tile.Path));
        var bundle = File.ReadAllBytes(Path.Combine(folder, LogTile.Entries(size).Single().Path));
        var entries = EntryBundle.Decode(bundle);
        Assert.Equal(bundle, EntryBundle.Encode(entries));
        var hashes = File.ReadAllBytes(Path.Combine(folder, LogTile.Hashes(size).Single().Path));
        Assert.Equal(hashes, entries.SelectMany(entry =>
        {
            var leaf = new byte[32];
            MerkleTree.HashLeaf(entry.Span, leaf);
            return leaf;
        }));
        Assert.Equal(checkpoint.Root.ToArray(), new LogRange(0, size).HashOf(node => node.HashOf(hashes)));
    }

    [Fact]
    public void An_empty_log_of_Tessera_has_the_root_of_nothing()
        => Assert.Equal(new LogRange(0, 0).HashOf(_ => []), Checkpoint.Decode(SignedNote.Decode(File.ReadAllBytes(Repository.Vector("transparency-dev-tessera", "checkpoint.0"))).Text).Root.ToArray());

    /// <summary>A checkpoint of Rekor as it was published: P-256, type 0x02, as ours are; its origin is not its key's name.</summary>
    [Fact]
    public void A_checkpoint_of_Rekor_verifies_with_its_key()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Repository.Vector("transparency-dev-formats", "ecdsa-notes.json")));
        var vector = cases.RootElement.GetProperty("notes")[0];
        var parts = vector.GetProperty("vkey").GetString()!.Split('+', 3);
        var key = Convert.FromBase64String(parts[2]);
        Assert.Equal(2, key[0]);
        var note = SignedNote.Decode(Encoding.UTF8.GetBytes(vector.GetProperty("note").GetString()!));
        var signature = Assert.Single(note.Signatures);
        Assert.Equal((parts[0], parts[1]), (signature.Name, Convert.ToHexStringLower(signature.KeyId.Span)));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(key.AsSpan(1))[..4], signature.KeyId.ToArray());
        Assert.True(AttestationKey.FromSubjectPublicKeyInfo(key.AsMemory(1)).VerifyEs256(note.Signed, DerSignature.Decode(signature.Value)));
        Assert.Equal(798_034, Checkpoint.Decode(note.Text).Size);
        Assert.Equal(DerSignature.Encode(DerSignature.Decode(signature.Value)), signature.Value.ToArray());
    }

    [Theory]
    [InlineData("checkpoint.txt", 1)]
    [InlineData("checkpoint-cosigned.txt", 2)]
    public void The_checkpoints_of_the_specification_are_read(string file, int signatures)
    {
        var bytes = File.ReadAllBytes(Repository.Vector("C2SP-C2SP", file));
        var note = SignedNote.Decode(bytes);
        Assert.Equal(signatures, note.Signatures.Count);
        Assert.Equal(("example.com/behind-the-sofa", 20_852_163L), (Checkpoint.Decode(note.Text).Origin, Checkpoint.Decode(note.Text).Size));
        Assert.Equal(bytes, note.Encode());
    }

    [Fact]
    public void A_note_of_the_specification_is_no_checkpoint()
    {
        var note = SignedNote.Decode(File.ReadAllBytes(Repository.Vector("C2SP-C2SP", "signed-note.txt")));
        Assert.Equal("This is an example message.\n", note.Text);
        Assert.Throws<WireException>(() => Checkpoint.Decode(note.Text));
    }

    private static byte[] Bytes(JsonElement vector, string name) => vector.GetProperty(name).ValueKind == JsonValueKind.Null ? [] : vector.GetProperty(name).GetBytesFromBase64();

    private static ReadOnlyMemory<byte>[] Proof(JsonElement vector)
        => vector.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof
            ? [.. proof.EnumerateArray().Select(hash => new ReadOnlyMemory<byte>(hash.GetBytesFromBase64()))]
            : [];
}
