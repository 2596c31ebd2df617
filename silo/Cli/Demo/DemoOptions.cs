namespace TrustMesh.Cli.Demo;

/// <summary>What <c>demo run</c> was asked for.</summary>
/// <param name="Devices">Devices with a software TPM, at least one.</param>
/// <param name="Software">Further devices with a software root.</param>
/// <param name="Hsm">Further devices whose root is a key in a PKCS#11 token.</param>
/// <param name="State">Kept between runs; null for a private folder that is removed at the end.</param>
/// <param name="Port">Where to begin to look for a free port for the dashboard.</param>
/// <param name="Check">Unattended: one JSON line, then the end.</param>
/// <param name="Timeout">How long it may take until every device is trusted.</param>
/// <param name="Namespaces">A network namespace for every device, where the machine can make them.</param>
/// <param name="Silos">1, or as many as are one mesh in stores they share.</param>
internal sealed record DemoOptions(int Devices, int Software, int Hsm, string? State, int Port, bool Check, TimeSpan Timeout, bool Namespaces, int Silos = 1)
{
    public int All => Devices + Software + Hsm;
}
