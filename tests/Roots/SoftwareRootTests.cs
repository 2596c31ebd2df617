using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Roots;

public sealed class SoftwareRootTests : IdentityKeyConformance
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-software-").FullName;

    protected override RootSettings Settings => new("software", "", "auto", 13, Path.Combine(folder, "device"));

    protected override bool RemembersInHardware => false;

    [Fact]
    public void It_says_that_it_is_software()
    {
        using var root = Open();
        Assert.Equal((RootKind.Software, AssuranceTier.Software), (root.Kind, root.Tier));
        Assert.Contains("not a root of trust", root.Description);
    }

    [Fact]
    public void It_is_never_opened_unless_asked_for_by_name()
        => Assert.Throws<RootException>(() => SoftwareRoot.Open(Settings with { Kind = "tpm" }));

    [Fact]
    public void A_key_of_another_curve_is_refused()
    {
        Open().Dispose();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllBytes(Path.Combine(Settings.StateDirectory, SoftwareRoot.KeyFileName), other.ExportPkcs8PrivateKey());
        Assert.Contains("P-256", Assert.Throws<RootException>(() => Open()).Message);
    }

    public override void Dispose() => Directory.Delete(folder, recursive: true);
}
