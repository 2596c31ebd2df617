using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Cli.Commands;

/// <summary><c>query</c>: what can be asked, and what everybody of the mesh has kept.</summary>
internal static class QueryCommands
{
    public static Command Build(Shell shell) => new("query", "Queries: the one language of graph, table, shell and API.") { Fields(shell), List(shell), Save(shell), Remove(shell) };

    private static Command Fields(Shell shell)
    {
        var command = new Command("fields", """
            What a query can ask, without a silo. Terms stand side by side and all have to hold:

              site:oslo,bergen      one of several        -site:oslo  site!=oslo   not that
              name:press*           begins so             "north hall"             quotes for spaces
              age>10m  expires<1h   s, m, h, d, w         fw<7.85  policy>=4       more or less
              tag:lab  -tag:lab     tagged so, or not     tag:none               has no tag at all
              fw:none               has none              press                    in name, site, model, or the start of the id
            """);
        command.SetAction(parsed => shell.Printer(parsed).Table(["FIELD", "OTHER NAMES", "MEANS", "VALUES", "EXAMPLE"],
            QueryFields.All.Select(field => new[]
            {
                field.Name, field.Aliases.Count == 0 ? "-" : string.Join(", ", field.Aliases), field.Meaning,
                field.Words.Count == 0 ? "any" : string.Join(", ", field.Words.Concat(field.Synonyms.Keys)), field.Example,
            })));
        return command;
    }

    private static Command List(Shell shell)
    {
        var command = new Command("list", "Saved queries, for everybody of the mesh.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var saved = await api.SavedQueriesAsync(ct);
            if (printer.IsJson) printer.Json(saved, ContractJson.Default.IReadOnlyListSavedQuery);
            else printer.Table(["NAME", "QUERY", "BY", "AT"], saved.Select(one => new[] { one.Name, one.Query, one.By, Shown.Time(one.At) }));
        });
        return command;
    }

    private static Command Save(Shell shell)
    {
        var name = Name();
        var query = new Argument<string>("QUERY") { Description = "In quotes of the shell, such as 'status:stale age>1h'." };
        var command = new Command("save", "Keep a query under a name, for everybody; what was there is replaced.") { name, query };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var saved = await api.SaveQueryAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(query), ct);
            if (printer.IsJson) printer.Json(saved, ContractJson.Default.SavedQuery);
            printer.Note($"Saved as {saved.Name}. Use it: trustmesh device list --saved {saved.Name}");
        });
        return command;
    }

    private static Command Remove(Shell shell)
    {
        var name = Name();
        var command = new Command("remove", "Forget a saved query.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.RemoveQueryAsync(parsed.GetRequiredValue(name), ct);
            printer.Note($"The query {parsed.GetRequiredValue(name)} is removed.");
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "1 to 63 of a-z, 0-9, '.' and '-'." };
}
