using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Tests.Vectors;

/// <summary>Inclusion proofs of transparency-dev/merkle, nearly all of them wrong in one way.</summary>
public sealed class MerkleVectorTests
{
    [Fact]
    public void Inclusion_proofs_hold_or_fail_as_they_should()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Repository.Vector("transparency-dev-merkle", "inclusion.json")));
        var (good, bad) = (0, 0);
        foreach (var vector in cases.RootElement.EnumerateArray())
        {
            // Indexes and sizes go up to 2^64 - 1 there; beyond 2^63 - 1 our reader refuses them before the proof is looked at.
            var inRange = vector.GetProperty("leafIdx").TryGetInt64(out var index) & vector.GetProperty("treeSize").TryGetInt64(out var size);
            var wrong = vector.GetProperty("wantErr").GetBoolean();
            var holds = inRange && MerkleTree.Includes(Bytes(vector, "root"), Bytes(vector, "leafHash"), index, size, Proof(vector));
            Assert.True(wrong != holds, vector.GetProperty("name").GetString());
            if (wrong) bad++;
            else good++;
        }
        Assert.True(good >= 4 && bad >= 50, $"{good} good and {bad} bad cases");
    }

    private static byte[] Bytes(JsonElement vector, string name) => vector.GetProperty(name).GetBytesFromBase64();

    private static ReadOnlyMemory<byte>[] Proof(JsonElement vector)
        => vector.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof
            ? [.. proof.EnumerateArray().Select(hash => new ReadOnlyMemory<byte>(hash.GetBytesFromBase64()))]
            : [];
}
