using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Vectors;

/// <summary>Token Status Lists of the draft's authors.</summary>
public sealed class StatusListVectorTests
{
    private const string Source = "oauth-wg-draft-ietf-oauth-status-list";

    [Fact]
    public void Reads_the_small_lists_of_the_draft()
    {
        foreach (var small in Vectors().GetProperty("small").EnumerateArray())
        {
            var entries = StatusList.Inflate(Convert.FromHexString(small.GetProperty("zlibHex").GetString()!));
            Assert.Equal(small.GetProperty("uncompressedHex").GetString(), Convert.ToHexStringLower(entries));
            var list = List(small.GetProperty("bits").GetInt32(), entries);
            var values = small.GetProperty("values").EnumerateArray().Select(value => value.GetInt32()).ToList();
            Assert.Equal(values, Enumerable.Range(0, values.Count).Select(index => (int)list.At(index)!.Value));
        }
    }

    [Fact]
    public void Reads_the_large_lists_of_the_draft()
    {
        foreach (var large in Vectors().GetProperty("lists").EnumerateArray())
        {
            var packed = large.GetProperty("json").GetProperty("lst").GetString()!;
            var entries = StatusList.Inflate(System.Buffers.Text.Base64Url.DecodeFromChars(packed));
            Assert.StartsWith(large.GetProperty("uncompressedSha256").GetString()!, Convert.ToHexStringLower(SHA256.HashData(entries)), StringComparison.Ordinal);
            var list = List(large.GetProperty("bits").GetInt32(), entries);
            Assert.Equal(large.GetProperty("entries").GetInt64(), list.Count);
            foreach (var one in large.GetProperty("nonZero").EnumerateObject()) Assert.Equal(one.Value.GetInt32(), (int)list.At(long.Parse(one.Name))!.Value);
            Assert.Equal(large.GetProperty("nonZero").EnumerateObject().Count(), Enumerable.Range(0, (int)list.Count).Count(index => list.At(index) != StatusValue.Valid));
        }
    }

    [Fact]
    public void The_token_of_the_draft_names_its_key_outside_the_signature_and_is_refused_for_that()
    {
        var refused = Assert.Throws<WireException>(() => CoseSign1.Decode(File.ReadAllBytes(Path.Combine(Repository.Vector(Source), "status_list_token.cwt"))));
        Assert.Equal(("unprotected header", "unknown key, or a key out of its place"), (refused.Field, refused.Problem));
    }

    private static JsonElement Vectors() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Vector(Source), "status-list-vectors.json"))).RootElement;

    private static StatusList List(int bits, byte[] entries) => new("vectors", "vectors", 1, bits, entries, 60, 0, 1);
}
