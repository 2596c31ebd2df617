using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Model;

/// <summary>Every page of the dashboard in a shell. What a page shows is in its address, so the address is all there is to know.</summary>
public static class ShellLines
{
    /// <param name="page">Of this dashboard.</param>
    /// <param name="now">For pages that begin a while ago where their address does not say when.</param>
    /// <returns>Nothing for what is no page.</returns>
    public static IReadOnlyList<ShellLine> Of(Uri page, DateTimeOffset now)
    {
        var query = QueryHelpers.ParseQuery(page.Query);
        var parts = page.AbsolutePath.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        return parts switch
        {
            [""] => [new("The mesh", "trustmesh mesh show", "mesh")],
            ["graph"] => Graph(query),
            ["devices"] => [Devices(query, null)],
            ["devices", var id] => Device(id),
            ["alerts"] => Alerts(Text(query, "tab")),
            ["enrolment"] =>
            [
                Devices(query, "standing:pending"), new("Rules that let in", "trustmesh enroll rule list", "enroll/rules"), new("Join tokens", "trustmesh enroll token list", "enroll/tokens"),
            ],
            ["revocations"] =>
            [
                new("Status lists", "trustmesh revocation list", "revocations/history"), new("How far the newest has come", "trustmesh revocation propagation", "revocations/propagation"),
                new("Requests", "trustmesh revocation requests", "revocations/requests"),
            ],
            ["revocations", "new"] => [Plan(Text(query, "q") ?? "name:press-1")],
            ["revocations", "requests", var id] => [new("This request", $"trustmesh revocation requests {ShellText.Quote(id)}", $"revocations/requests/{SiloClient.Segment(id)}")],
            ["policy"] =>
            [
                new("In force", "trustmesh policy show", "policy"), new("Versions", "trustmesh policy versions", "policy/versions"),
                new("Try a draft", "trustmesh policy test draft.json", "policy/simulate", "@draft.json"),
            ],
            ["events"] => [new("As they happen", "trustmesh events watch", "events", Endless: true), new("Those that are kept", "trustmesh events list", "events/recent")],
            ["changes"] => [Changes(Instant(Text(query, "from")) ?? InstantText.Of(now.AddDays(-1)), Instant(Text(query, "to")))],
            ["silos"] => [new("All silos", "trustmesh silo list", "silos")],
            ["log"] => [Log(LogQuery.Of(Text(query, "kind"), Text(query, "by"), Text(query, "text"), InstantText.Parse(Text(query, "since")), InstantText.Parse(Text(query, "until")))), new("The logs and their heads", "trustmesh log verify", "log")],
            ["settings"] => Settings(Text(query, "tab"), Text(query, "who"), Text(query, "site")),
            _ => [],
        };
    }

    private static IReadOnlyList<ShellLine> Graph(Dictionary<string, StringValues> query)
    {
        if (Text(query, "edge")?.Split('~') is [var from, var to])
            return [new("This edge", $"trustmesh edge show {ShellText.Quote(from)} {ShellText.Quote(to)}", $"edges/{SiloClient.Segment(from)}/{SiloClient.Segment(to)}")];
        if (Instant(Text(query, "at")) is { } at)
            return [new("At this instant", $"trustmesh history at {at}", $"history?from={Uri.EscapeDataString(at)}&to={Uri.EscapeDataString(at)}")];
        if (Text(query, "focus") is { } focus)
            return Device(focus);
        if (Text(query, "view") == "table" && Text(query, "of") == "edges")
            return [Edges(query)];
        if (Text(query, "view") == "table" || Text(query, "q") is not null || Text(query, "site") is not null)
            return [Devices(query, null)];
        return [new("The whole graph", "trustmesh graph export", "graph")];
    }

    private static IReadOnlyList<ShellLine> Device(string id)
    {
        // Shown short, sent whole.
        var (shown, path) = (ShellText.Quote(DeviceIdText.Short(id)), SiloClient.Segment(id));
        return
        [
            new("This device", $"trustmesh device show {shown}", $"devices/{path}"),
            new("Its evidence, to be checked offline", $"trustmesh evidence fetch {shown} -o device.tmbundle", $"devices/{path}/evidence", Output: "device.tmbundle"),
        ];
    }

    private static IReadOnlyList<ShellLine> Alerts(string? tab) => tab switch
    {
        "rules" => [new("Rules", "trustmesh alert rule list", "alerts/rules")],
        "silences" => [new("Silences", "trustmesh alert silence list", "alerts/silences")],
        "webhooks" => [new("Webhooks", "trustmesh webhook list", "webhooks")],
        _ => [new("Alerts", "trustmesh alert list", "alerts")],
    };

    private static IReadOnlyList<ShellLine> Settings(string? tab, string? who, string? site) => tab switch
    {
        "people" => [new("People", "trustmesh operator list", "operators"), new("Sessions", "trustmesh operator session list", "sessions")],
        "tokens" => [new("API tokens", "trustmesh api-token list", "api-tokens")],
        "sites" =>
        [
            new("Sites", "trustmesh site list", "sites"),
            new("Who may do what", $"trustmesh operator rights{(who is null ? "" : $" {ShellText.Quote(who)}")}{(site is null ? "" : $" --site {ShellText.Quote(site)}")}", "operators"),
        ],
        "upkeep" => [new("Certificates, keeping, backup", "trustmesh silo settings", "settings")],
        "about" => [new("The mesh", "trustmesh mesh show", "mesh"), new("What the silo is made of", "trustmesh silo sbom", "sbom")],
        _ => [new("My sessions", "trustmesh operator session list", "sessions")],
    };

    private static ShellLine Devices(Dictionary<string, StringValues> query, string? always)
    {
        var own = DeviceQuery.Parse(Text(query, "q"), Text(query, "look"), Text(query, "site"), null).Query.Text.Trim();
        var all = string.Join(' ', new[] { always, own }.Where(one => !string.IsNullOrEmpty(one)));
        return all.Length == 0
            ? new("All devices", "trustmesh device list", "devices?limit=1000")
            : new("These devices", $"trustmesh device list --query {ShellText.Quote(all)}", $"devices?limit=1000&q={Uri.EscapeDataString(all)}");
    }

    private static ShellLine Edges(Dictionary<string, StringValues> query)
    {
        var asked = DeviceQuery.Parse(Text(query, "q"), null, Text(query, "site"), null).Query.Text.Trim();
        var looks = string.Join(',', EdgeQuery.Verdicts.Where(EdgeQuery.LooksOf(Text(query, "look")).Contains));
        if (asked.Length + looks.Length == 0)
            return new("All edges", "trustmesh edge list", "edges");
        var options = (asked.Length == 0 ? "" : $" --query {ShellText.Quote(asked)}") + (looks.Length == 0 ? "" : $" --look {looks}");
        return new("These edges", "trustmesh edge list" + options, EdgeQuery.Path(null, asked, looks));
    }

    private static ShellLine Plan(string query) => new(
        "What it would do", $"trustmesh device revoke --query {ShellText.Quote(query)} --reason TEXT --dry-run", "revocations/plan",
        JsonSerializer.Serialize(new RevocationSelection(query), ContractJson.Default.RevocationSelection));

    private static ShellLine Changes(string from, string? to) => new(
        "What changed", $"trustmesh history changes --since {from}{(to is null ? "" : $" --until {to}")}",
        $"history?from={Uri.EscapeDataString(from)}{(to is null ? "" : $"&to={Uri.EscapeDataString(to)}")}");

    private static ShellLine Log(LogQuery query) => new("These entries", query.Command, $"log/entries?limit=1000{query.Parameters}");

    /// <summary>As both take it; null for what is none.</summary>
    private static string? Instant(string? text) => InstantText.Parse(text) is { } at ? InstantText.Of(at) : null;

    private static string? Text(Dictionary<string, StringValues> query, string name) => query.TryGetValue(name, out var values) && values is [{ Length: > 0 } first, ..] ? first : null;
}
