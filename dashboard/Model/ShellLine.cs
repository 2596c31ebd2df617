using System.Text;

namespace TrustMesh.Dashboard.Model;

/// <summary>What a page shows or does, as a command of a shell: by <c>trustmesh</c>, and by curl against the operator API.</summary>
/// <param name="What">In a few words.</param>
/// <param name="Trustmesh">The whole line.</param>
/// <param name="Path">Of the API, after /api/v1/, everything in it escaped.</param>
/// <param name="Json">What is sent, as curl takes it: JSON, or @ and a file; null where nothing is.</param>
/// <param name="Output">File the answer goes to; null for the screen.</param>
/// <param name="Endless">It goes on until it is stopped.</param>
public sealed record ShellLine(string What, string Trustmesh, string Path, string? Json = null, string? Output = null, bool Endless = false)
{
    public string Method => Json is null ? "GET" : "POST";

    /// <summary>
    /// With curl: the session's token comes through a pipe from the file <c>trustmesh sign-in</c> keeps it in. On a command line every user of the machine could read it, in an address
    /// every log (A47).
    /// </summary>
    /// <param name="silo">As the dashboard reaches it.</param>
    public string Curl(Uri silo)
    {
        var address = silo.GetLeftPart(UriPartial.Authority);
        var line = new StringBuilder("curl -sS --fail-with-body");
        if (Endless)
            line.Append(" -N");
        if (silo.Scheme == Uri.UriSchemeHttps)
            line.Append(" --cacert silo-ca.pem");
        line.Append(" -H @<(trustmesh session-header --silo ").Append(ShellText.Quote(address)).Append(')');
        if (Json is not null)
            line.Append(" --json ").Append(ShellText.Quote(Json));
        if (Output is not null)
            line.Append(" -o ").Append(ShellText.Quote(Output));
        return line.Append(" '").Append(address).Append("/api/v1/").Append(Path).Append('\'').ToString();
    }
}
