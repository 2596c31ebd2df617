using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Attacks;

/// <summary>Another token is another device, and never silently so.</summary>
[Collection(SoftHsmCollection.Name)]
public sealed class A13TokenTests(SoftHsm hsm) : IDisposable
{
    private readonly SoftToken token = hsm.NewToken(), other = hsm.NewToken();

    private RootSettings Exchanged => token.Settings() with { Pkcs11 = token.Settings().Pkcs11! with { Token = other.Label } };

    [Fact]
    public void A13_An_empty_token_in_the_place_of_a_devices_own_gets_no_key_and_no_identity()
    {
        RootOfTrust.Open(token.Settings(), TimeProvider.System).Dispose();
        Assert.Contains("another device", Assert.Throws<RootException>(() => RootOfTrust.Open(Exchanged, TimeProvider.System)).Message);
        Assert.DoesNotContain("Private Key", other.Tool("--list-objects", "--type", "privkey"));
    }

    [Fact]
    public void A13_A_token_with_a_key_of_its_own_is_another_device()
    {
        string first, second;
        using (var root = RootOfTrust.Open(token.Settings(), TimeProvider.System)) first = root.Device.Text;
        using (var root = RootOfTrust.Open(other.Settings(), TimeProvider.System)) second = root.Device.Text;
        Assert.NotEqual(first, second);
        Assert.Contains("Another key is another device", Assert.Throws<RootException>(() => RootOfTrust.Open(Exchanged, TimeProvider.System)).Message);
        File.Delete(Path.Combine(token.State, "token.key"));
        using var admitted = RootOfTrust.Open(Exchanged, TimeProvider.System);
        Assert.Equal(second, admitted.Device.Text);
    }

    [Fact]
    public void A13_A_token_exchanged_under_a_running_agent_is_not_signed_with()
    {
        RootOfTrust.Open(other.Settings(), TimeProvider.System).Dispose();
        var module = new FaultyCryptoki(Cryptoki.Load(SoftHsm.Module!));
        using var root = Pkcs11Root.Open(token.Settings(), module);
        var signed = 0;
        module.Before = call => call == "Sign" && signed++ == 0 ? CkRv.DeviceRemoved : null;
        // The other token answers to the name of the first.
        module.Described = one => one with { Label = one.Label == token.Label ? other.Label : one.Label == other.Label ? token.Label : one.Label };
        Assert.Contains("put back the right one", Assert.Throws<RootException>(() => root.Prove(Drafts.For(root, new byte[32]))).Message);
        Assert.Equal(1, signed);
    }

    public void Dispose()
    {
        token.Dispose();
        other.Dispose();
    }
}
