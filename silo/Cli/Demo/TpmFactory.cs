using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// The maker of the demo's TPMs: a certificate authority of its own (swtpm_localca) that signs the endorsement keys it puts into each TPM.
/// The silo gets its root as it would get those of real makers.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TpmFactory
{
    private readonly string folder;

    public TpmFactory(DemoFolder demo)
    {
        folder = demo.Folder("tpm-maker");
        File.WriteAllText(At("localca.conf"), $"statedir = {folder}\nsigningkey = {At("signkey.pem")}\nissuercert = {Issuer}\ncertserial = {At("certserial")}\n");
        File.WriteAllText(At("localca.options"), "--platform-manufacturer TrustMesh\n--platform-version 1\n--platform-model Demo\n");
        File.WriteAllText(At("setup.conf"),
            $"create_certs_tool = {Tool.Find("swtpm_localca")}\ncreate_certs_tool_config = {At("localca.conf")}\ncreate_certs_tool_options = {At("localca.options")}\nactive_pcr_banks = sha256\n");
    }

    /// <summary>PEM files of the root and of the issuer under it; there after the first TPM was made.</summary>
    public IReadOnlyList<string> Roots => [At("swtpm-localca-rootca-cert.pem"), Issuer];

    private string Issuer => At("issuercert.pem");

    /// <summary>Makes the state of a TPM unless it is there; one at a time, because certificates have consecutive numbers.</summary>
    public async Task ManufactureAsync(DemoDevice device, CancellationToken ct)
    {
        var state = device.TpmState;
        var finished = Path.Combine(state, "manufactured");
        if (File.Exists(finished)) return;
        Directory.CreateDirectory(state);
        var (code, output, error) = await Tool.RunAsync(
            ["swtpm_setup", "--tpm2", "--tpmstate", state, "--create-ek-cert", "--vmid", device.Name, "--config", At("setup.conf"), "--overwrite"], ct);
        if (code != 0) throw new DemoFailure($"swtpm_setup could not make a TPM in {state} (exit code {code}):\n{output}{error}");
        // Half-made state of an interrupted run is made again.
        await File.WriteAllTextAsync(finished, "", ct);
    }

    private string At(string name) => Path.Combine(folder, name);
}
