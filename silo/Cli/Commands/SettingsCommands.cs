using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>site list</c>, <c>operator rights</c>, <c>silo settings</c>: how the mesh is set up, and who may do what where.</summary>
internal static class SettingsCommands
{
    public static Command Sites(Shell shell)
    {
        var list = new Command("list", "Sites of the mesh, with how many devices look how.");
        shell.OnApi(list, async (api, printer, _, ct) =>
        {
            var sites = await api.SitesAsync(ct);
            if (printer.IsJson) printer.Json(sites, ContractJson.Default.IReadOnlyListSiteView);
            else
                printer.Table(["SITE", "DEVICES", .. Looks.All.Select(look => look.ToUpperInvariant())], sites.Select(site => (string[])
                    [site.Name, Shown.Number(site.Devices), .. Looks.All.Select(look => Shown.Number(site.Counts.GetValueOrDefault(look)))]));
        });
        return new Command("site", "Sites of the mesh.") { list };
    }

    public static Command Rights(Shell shell)
    {
        var name = new Argument<string?>("NAME") { Description = "A person, an API token or a group of the OpenID provider: at every place. Without it everybody.", Arity = ArgumentArity.ZeroOrOne };
        var site = new Option<string?>("--site") { Description = "What they may do at this site.", HelpName = "NAME" };
        var own = new Option<bool>("--own") { Description = "Your own rights, for which no other right is needed." };
        var command = new Command("rights", "What somebody may do where, and by which grant; without a name and a site, what everybody may do in the mesh as a whole.") { name, site, own };
        command.Validators.Add(result =>
        {
            if (result.GetValue(own) && result.GetValue(name) is not null) result.AddError("--own is instead of a name.");
        });
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            IReadOnlyList<RightsHolder> holders;
            var who = parsed.GetValue(name);
            if (parsed.GetValue(own))
            {
                var session = await api.SessionAsync(ct);
                holders = [new(session.Name, session.How == "token" ? RightsHolder.Token : RightsHolder.Person, session.Grants ?? [new(session.Role)])];
                who = session.Name;
            }
            else holders = RightsHolder.All(await api.OperatorsAsync(ct), await api.ApiTokensAsync(ct), await api.GroupsAsync(ct));
            if (who is not null && holders.All(one => one.Who != who)) throw new CommandFailure(ExitCode.NotFound, $"Nobody is called {who}.", "See: trustmesh operator list, trustmesh api-token list");
            var sites = who is null || parsed.GetValue(site) is not null ? [] : (await api.SitesAsync(ct)).Select(one => one.Name);
            var lines = EffectiveRights.Of(holders, sites, who, parsed.GetValue(site));
            if (printer.IsJson) printer.Json(lines, ContractJson.Default.IReadOnlyListRightsLine);
            else printer.Table(["WHO", "KIND", "WHERE", "ROLE", "MAY", "BECAUSE"], lines.Select(one => new[]
                { one.Who, one.Kind, one.Site ?? "(whole mesh)", one.Stopped is null ? one.Role : "none", one.Stopped is null ? one.May : $"nothing now, {one.Stopped}", one.Because }));
        });
        return command;
    }

    public static Command Settings(Shell shell)
    {
        var command = new Command("settings", "Certificates and until when they count, what is kept how long, and what to back up.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var view = await api.SettingsAsync(ct);
            if (printer.IsJson)
            {
                printer.Json(view, ContractJson.Default.SettingsView);
                return;
            }
            var now = shell.Surroundings.Time.GetUtcNow();
            printer.Heading($"Certificates and signed statements, as silo {view.Silo} has them:");
            printer.Table(["WHAT", "SUBJECT", "NAMES", "FROM", "UNTIL", "RENEWED", "SETTING"], view.Dated.Select(one => new[]
                { one.What, one.Subject, Shown.Tags(one.Names), Shown.Time(one.NotBefore), Shown.Until(one.NotBefore, one.NotAfter, now, one.SoonBefore()), one.Renewal, one.Setting ?? "-" }));
            printer.Heading("Kept:");
            printer.Table(["WHAT", "HOW LONG", "SETTING"], view.Kept.Select(one => new[] { one.What, one.HowLong, one.Setting ?? "fixed" }));
            printer.Heading($"To back up ({view.Backup.Storage}; {(view.Backup.LastAt is { } last ? $"last done {Shown.Time(last)}" : "when it was last done the silo does not know")}):");
            printer.Table(["WHAT", "WHY", "COMMAND"], view.Backup.Parts.Select(one => new[] { one.What, one.Why, one.Command ?? "-" }));
        });
        return command;
    }
}
