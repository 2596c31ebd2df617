namespace TrustMesh.Tests.Parts;

/// <summary>A TPM vendor's certificate authority for tests (swtpm_localca): a root, an issuer under it, both in one private directory.</summary>
public sealed class SwtpmAuthority
{
    private readonly string folder;

    /// <param name="folder">Absolute; keys and certificates are made in it at the first manufacture.</param>
    public SwtpmAuthority(string folder)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        File.WriteAllText(At("localca.conf"), $"statedir = {folder}\nsigningkey = {At("signkey.pem")}\nissuercert = {IssuerPath}\ncertserial = {At("certserial")}\n");
        File.WriteAllText(At("localca.options"), "--platform-manufacturer TrustMesh\n--platform-version 1\n--platform-model Tests\n");
        File.WriteAllText(At("setup.conf"), $"create_certs_tool = swtpm_localca\ncreate_certs_tool_config = {At("localca.conf")}\ncreate_certs_tool_options = {At("localca.options")}\nactive_pcr_banks = sha256\n");
    }

    /// <summary>PEM of the self-signed root.</summary>
    public string RootPath => At("swtpm-localca-rootca-cert.pem");

    /// <summary>PEM of the issuer of the EK certificates.</summary>
    public string IssuerPath => At("issuercert.pem");

    /// <summary>Makes a TPM's state with endorsement keys and their certificates.</summary>
    internal void Manufacture(string state)
    {
        Directory.CreateDirectory(state);
        var (code, output, error) = Command.Run(folder, "swtpm_setup", "--tpm2", "--tpmstate", state, "--create-ek-cert", "--config", At("setup.conf"), "--overwrite");
        Assert.True(code == 0, $"swtpm_setup ended with {code}: {output} {error}");
    }

    private string At(string name) => Path.Combine(folder, name);
}
