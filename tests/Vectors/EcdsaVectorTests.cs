using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Wire;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Tests.Vectors;

/// <summary>Wycheproof's P-256 signatures as r ‖ s: the length our reader insists on, then the platform's verification.</summary>
public sealed class EcdsaVectorTests
{
    [Fact]
    public void Signatures_verify_or_are_refused_as_they_should()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.Vector("C2SP-wycheproof", "ecdsa_secp256r1_sha256_p1363_test.json")));
        var (good, bad, refused) = (0, 0, 0);
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromHexString(group.GetProperty("publicKeyDer").GetString()!), out _);
            foreach (var vector in group.GetProperty("tests").EnumerateArray())
            {
                var signature = Convert.FromHexString(vector.GetProperty("sig").GetString()!);
                var message = Convert.FromHexString(vector.GetProperty("msg").GetString()!);
                var read = Read(signature);
                var verifies = read is not null && key.VerifyData(message, read, HashAlgorithmName.SHA256);
                Assert.True(verifies == (vector.GetProperty("result").GetString() == "valid"), $"case {vector.GetProperty("tcId")}");
                if (verifies) good++;
                else if (read is null) refused++;
                else bad++;
            }
        }
        Assert.True(good > 50 && bad > 10 && refused > 10, $"{good} good, {bad} bad, {refused} of another length");
    }

    /// <summary>The signature as our reader gives it back from a statement; null if it refuses it.</summary>
    private static byte[]? Read(byte[] signature)
    {
        var statement = CborNode.Parse(Samples.Statement);
        var field = statement.Children[0].Children[3];
        try
        {
            return CoseSign1.Decode(statement.With(field, _ => [.. CborNode.Head(2, (ulong)signature.Length), .. signature])).Signature.ToArray();
        }
        catch (WireException e)
        {
            Assert.Equal("signature", e.Field);
            return null;
        }
    }
}
