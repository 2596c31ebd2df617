using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Attacks;

/// <summary>Keys a token holds and signs with that were, or could be, somewhere else. The attributes are the token's own.</summary>
[Collection(SoftHsmCollection.Name)]
public sealed class A10TokenKeyTests(SoftHsm hsm) : IDisposable
{
    private readonly SoftToken token = hsm.NewToken();

    [Fact]
    public void A10_Refuses_a_software_key_that_was_imported_into_a_token()
    {
        using var software = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(token.PathOf("software.pem"), software.ExportPkcs8PrivateKeyPem());
        token.Import(token.PathOf("software.pem"), "trustmesh");
        var refused = Refused();
        foreach (var word in (string[])["could be a copy", "Local", "AlwaysSensitive", "NeverExtractable", "keyLabel"]) Assert.Contains(word, refused);
    }

    [Fact]
    public void A10_Refuses_a_key_that_can_be_taken_out_of_its_token()
    {
        token.Tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "trustmesh", "--id", "42", "--sensitive", "--extractable");
        var refused = Refused();
        Assert.Contains("not NeverExtractable", refused);
    }

    [Theory]
    [InlineData(CkAttribute.Local, "not Local")]
    [InlineData(CkAttribute.AlwaysSensitive, "not AlwaysSensitive")]
    [InlineData(CkAttribute.NeverExtractable, "not NeverExtractable")]
    public void A10_Each_attribute_alone_is_enough_to_refuse_a_key_and_so_is_silence_about_it(CkAttribute lacking, string expected)
    {
        RootOfTrust.Open(token.Settings(), TimeProvider.System).Dispose();
        foreach (byte[]? said in (byte[]?[])[[0], null, [], [1, 1]])
        {
            var module = new FaultyCryptoki(Cryptoki.Load(SoftHsm.Module!)) { Said = (attribute, value) => attribute == lacking ? said : value };
            Assert.Contains(expected, Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), module)).Message);
        }
        var extractable = new FaultyCryptoki(Cryptoki.Load(SoftHsm.Module!)) { Said = (attribute, value) => attribute == CkAttribute.Extractable ? [1] : value };
        Assert.Contains("can be taken out", Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), extractable)).Message);
    }

    public void Dispose() => token.Dispose();

    private string Refused() => Assert.Throws<RootException>(() => RootOfTrust.Open(token.Settings(), TimeProvider.System)).Message;
}
