using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Tests.Parts;

/// <summary>One token of <see cref="SoftHsm"/> and a device directory for it; the token is deleted when it is disposed.</summary>
public sealed class SoftToken(SoftHsm hsm, string folder, string label, uint slot) : IDisposable
{
    public string Folder => folder;

    public string Label => label;

    public string PinFile => Path.Combine(folder, "pin");

    public string State => Path.Combine(folder, "device");

    /// <summary>For a root on this token. The PIN is in a file beside the state directory.</summary>
    public RootSettings Settings(string keyLabel = Pkcs11Settings.UsualLabel)
    {
        if (!File.Exists(PinFile)) PrivateFile.Write(PinFile, System.Text.Encoding.ASCII.GetBytes(SoftHsm.Pin + "\n"));
        return new("pkcs11", "", "auto", 13, State, new(SoftHsm.Module!, label, PinFile, keyLabel));
    }

    /// <summary>Somebody else's program on the same token, logged in; fails the test with its words.</summary>
    public string Tool(params IEnumerable<string> arguments)
    {
        var (code, output, error) = hsm.TryTool("pkcs11-tool", ["--module", SoftHsm.Module!, "--slot", $"0x{slot:x}", "--login", "--pin", SoftHsm.Pin, .. arguments]);
        Assert.True(code == 0, $"pkcs11-tool {string.Join(' ', arguments)} ended with {code}: {output}{error}");
        return output;
    }

    /// <summary>Puts a key made elsewhere into the token: PKCS#8 PEM in a file.</summary>
    public void Import(string pem, string keyLabel)
    {
        var (code, output, error) = hsm.TryTool("softhsm2-util", "--import", pem, "--slot", $"{slot}", "--label", keyLabel, "--id", "a1", "--pin", SoftHsm.Pin);
        Assert.True(code == 0, output + error);
    }

    /// <summary>A file of the device's folder.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    public void Dispose()
    {
        // Deleted by label where it is the only one: the tool knows tokens by label or serial number.
        hsm.TryTool("softhsm2-util", "--delete-token", "--token", label);
        Directory.Delete(folder, recursive: true);
    }
}
