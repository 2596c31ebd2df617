using System.CommandLine;
using System.Globalization;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>enroll</c>: what a device needs to introduce itself, and rules that let it in.</summary>
internal static class EnrolCommands
{
    public static Command Build(Shell shell) => new("enroll", "Enrolment of devices.") { new Command("token", "Join tokens.") { Create(shell), List(shell), Delete(shell) }, RuleCommands.Build(shell), QueueCommands.Enrolment(shell, "show") };

    private static Command Create(Shell shell)
    {
        var uses = new Option<int>("--uses") { Description = "How many devices may join with it (1 to 100000).", HelpName = "N", Required = true };
        var ttl = Arguments.DurationOption("--ttl", "How long it is valid, such as 30m, 24h or 7d.", required: true);
        var approve = new Option<bool>("--auto-approve") { Description = "Devices that join with it need no operator." };
        var site = new Option<string?>("--site") { Description = "Site of these devices, whatever they say.", HelpName = "NAME" };
        var model = new Option<string?>("--model") { Description = "Model of these devices, whatever they say.", HelpName = "NAME" };
        var tag = new Option<string?>("--tag") { Description = "Tags of these devices from when they join, with commas between.", HelpName = "TAGS" };
        var command = new Command("create", "Make a join token. Its text is shown once, on standard output: keep it in a file of mode 0600.") { uses, ttl, approve, site, model, tag };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var token = await api.CreateTokenAsync(new JoinTokenRequest(parsed.GetValue(uses), (int)parsed.GetValue(ttl).TotalSeconds, parsed.GetValue(approve),
                parsed.GetValue(site), parsed.GetValue(model), TagCommands.Read(parsed.GetValue(tag))), ct);
            if (printer.IsJson) printer.Json(token, ContractJson.Default.JoinToken);
            else printer.Line(token.Token ?? throw new CommandFailure(ExitCode.Failure, "The silo gave no token.", "Check that silo and trustmesh have the same version."));
            printer.Note($"Join token {token.Id}: {token.Uses} uses until {Shown.Time(token.ExpiresAt)}{(token.AutoApprove ? ", approved automatically" : ", each to be approved")}.");
        });
        return command;
    }

    private static Command List(Shell shell)
    {
        var command = new Command("list", "Join tokens that are still valid, without their text.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var tokens = await api.TokensAsync(ct);
            if (printer.IsJson) printer.Json(tokens, ContractJson.Default.IReadOnlyListJoinToken);
            else
                printer.Table(["ID", "LEFT", "USES", "EXPIRES", "APPROVAL", "SITE", "MODEL", "TAGS", "BY"], tokens.Select(one => new[]
                {
                    one.Id, one.Left.ToString(CultureInfo.InvariantCulture), one.Uses.ToString(CultureInfo.InvariantCulture), Shown.Time(one.ExpiresAt),
                    one.AutoApprove ? "automatic" : "operator", one.Site ?? "-", one.Model ?? "-", Shown.Tags(one.Tags), one.CreatedBy,
                }));
        });
        return command;
    }

    private static Command Delete(Shell shell)
    {
        var id = new Argument<string>("ID") { Description = "As in the list." };
        var command = new Command("delete", "Make a join token worthless. Devices that joined with it stay.") { id };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.DeleteTokenAsync(parsed.GetRequiredValue(id), ct);
            printer.Note($"Join token {parsed.GetRequiredValue(id)} is deleted.");
        });
        return command;
    }
}
