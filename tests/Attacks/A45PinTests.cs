using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Attacks;

/// <summary>The PIN and its file: whose eyes, how many tries.</summary>
[Collection(SoftHsmCollection.Name)]
public sealed class A45PinTests(SoftHsm hsm) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SoftToken token = hsm.NewToken();

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A45_Refuses_a_PIN_file_others_may_touch_and_does_not_try_it(UnixFileMode mode)
    {
        var module = Module();
        File.SetUnixFileMode(token.Settings().Pkcs11!.PinFile!, OwnerOnly | mode);
        Assert.Contains("by others", Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), module)).Message);
        Assert.DoesNotContain("Login", module.Asked);
    }

    [Fact]
    public void A45_Refuses_a_PIN_file_behind_a_symlink()
    {
        var file = token.Settings().Pkcs11!.PinFile!;
        File.Move(file, token.PathOf("elsewhere"));
        File.CreateSymbolicLink(file, token.PathOf("elsewhere"));
        Assert.Contains("symlink", Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), Module())).Message);
    }

    [Fact]
    public void A45_Refuses_a_module_that_anybody_may_write()
    {
        var module = token.PathOf("module.so");
        File.Copy(SoftHsm.Module!, module);
        File.SetUnixFileMode(module, OwnerOnly | UnixFileMode.OtherWrite);
        Assert.Contains("Anybody may write", Assert.Throws<RootException>(() => RootOfTrust.Open(token.Settings() with { Pkcs11 = token.Settings().Pkcs11! with { Module = module } }, TimeProvider.System)).Message);
    }

    [Fact]
    public void A45_A_wrong_PIN_is_given_once_and_by_no_later_start_until_somebody_says_so()
    {
        var settings = token.Settings();
        PrivateFile.Write(settings.Pkcs11!.PinFile!, "wrong-pin"u8);
        var first = Module();
        var refused = Assert.Throws<RootException>(() => Pkcs11Root.Open(settings, first)).Message;
        Assert.Contains("CKR_PIN_INCORRECT", refused);
        Assert.Equal(1, first.Asked.Count(call => call == "Login"));
        PrivateFile.Write(settings.Pkcs11.PinFile!, System.Text.Encoding.ASCII.GetBytes(SoftHsm.Pin));
        for (var start = 0; start < 3; start++)
        {
            var later = Module();
            Assert.Contains("pin.refused", Assert.Throws<RootException>(() => Pkcs11Root.Open(settings, later)).Message);
            Assert.DoesNotContain("Login", later.Asked);
        }
        File.Delete(Path.Combine(settings.StateDirectory, "pin.refused"));
        Pkcs11Root.Open(settings, Module()).Dispose();
    }

    [Theory]
    [InlineData(TokenFlags.PinFinalTry, "locked by one more")]
    [InlineData(TokenFlags.PinLocked, "is locked")]
    public void A45_The_last_try_is_left_to_a_person(TokenFlags flag, string expected)
    {
        var module = Module();
        module.Described = one => one with { Flags = one.Flags | flag };
        Assert.Contains(expected, Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), module)).Message);
        Assert.DoesNotContain("Login", module.Asked);
    }

    [Fact]
    public void A45_Somebody_elses_wrong_tries_are_told()
    {
        var module = Module();
        module.Described = one => one with { Flags = one.Flags | TokenFlags.PinCountLow };
        using var root = Pkcs11Root.Open(token.Settings(), module);
        Assert.Contains("wrong PIN", Assert.Single(root.Notes));
    }

    public void Dispose() => token.Dispose();

    private static FaultyCryptoki Module() => new(Cryptoki.Load(SoftHsm.Module!));
}
