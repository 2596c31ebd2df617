using System.CommandLine;
using System.Text;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>api-token</c>: what machines carry instead of somebody's session. Join tokens, with which devices join, are <c>enroll token</c>.</summary>
internal static class ApiTokenCommands
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90);

    public static Command Build(Shell shell)
        => new("api-token", "API tokens: for scripts, jobs and other systems that speak to a silo, instead of somebody's session.") { Create(shell), List(shell), Revoke(shell) };

    private static Command Create(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "What it is for, such as backup-job: 1 to 63 of a-z, 0-9, '.' and '-'. The log calls it so." };
        var grants = OperatorCommands.Grants("ROLE, or ROLE@SITE[,SITE...] for devices of these sites. Every token sees the whole mesh.");
        var ttl = Arguments.OptionalDuration("--ttl", "How long it is valid, 1h to 366d (90d).");
        var reason = new Option<string?>("--reason") { Description = "Why; it stays in the log.", HelpName = "TEXT" };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write the token into this new file, mode 0600, instead of standard output.", HelpName = "FILE" };
        var command = new Command("create", """
            Make an API token. Its text is shown once, on standard output: keep it in a file of mode 0600.
            Example: trustmesh api-token create backup-job viewer -o backup-job.token
                     TRUSTMESH_API_TOKEN_FILE=backup-job.token trustmesh device list --json
            """) { name, grants, ttl, reason, output };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var request = new ApiTokenRequest(
                parsed.GetRequiredValue(name), OperatorCommands.Parse(parsed.GetRequiredValue(grants)), (int)(parsed.GetValue(ttl) ?? Usual).TotalSeconds, parsed.GetValue(reason));
            var file = parsed.GetValue(output);
            var made = await MakeAsync(api, request, file, ct);
            if (printer.IsJson) printer.Json(file is null ? made : made with { Secret = "" }, ContractJson.Default.ApiTokenMade);
            else if (file is null) printer.Line(made.Secret);
            printer.Note($"API token {made.Token.Name} ({OperatorCommands.Words(made.Token.Grants)}) until {Shown.Time(made.Token.ExpiresAt)}{(file is null ? "" : $", in {file.FullName}")}. It is not shown again.");
        });
        return command;
    }

    private static Command List(Shell shell)
    {
        var command = new Command("list", "API tokens, without their text; those that ended in the last 30 days too.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var tokens = await api.ApiTokensAsync(ct);
            var now = shell.Surroundings.Time.GetUtcNow();
            if (printer.IsJson) printer.Json(tokens, ContractJson.Default.IReadOnlyListApiTokenView);
            else
                printer.Table(["NAME", "STATE", "RIGHTS", "EXPIRES", "USED", "SINCE", "BY"], tokens.Select(one => new[]
                {
                    one.Name, one.EndsSoon(now) ? "expires soon" : one.State, one.Grants.Count == 0 ? "-" : OperatorCommands.Words(one.Grants), Shown.Time(one.ExpiresAt), Shown.Time(one.UsedAt), Shown.Time(one.CreatedAt), one.CreatedBy ?? "-",
                }));
        });
        return command;
    }

    private static Command Revoke(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "As in the list." };
        var reason = new Option<string>("--reason") { Description = "Why; it stays in the log.", HelpName = "TEXT", Required = true };
        var command = new Command("revoke", "Make an API token worthless, at every silo within three seconds.") { name, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.RevokeApiTokenAsync(parsed.GetRequiredValue(name), new Decision(parsed.GetRequiredValue(reason)), ct);
            printer.Note($"API token {parsed.GetRequiredValue(name)} is revoked.");
        });
        return command;
    }

    /// <summary>The file is there before the token is: a token whose text went nowhere would have to be revoked again.</summary>
    private static async Task<ApiTokenMade> MakeAsync(SiloApi api, ApiTokenRequest request, FileInfo? file, CancellationToken ct)
    {
        if (file is null) return await api.MakeApiTokenAsync(request, ct);
        await using var stream = ApiToken.CreateFile(file);
        try
        {
            var made = await api.MakeApiTokenAsync(request, ct);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(made.Secret + "\n"), CancellationToken.None);
            stream.Flush(flushToDisk: true);
            return made;
        }
        catch
        {
            File.Delete(file.FullName);
            throw;
        }
    }
}
