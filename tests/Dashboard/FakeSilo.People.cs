using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>Who may sign in.</summary>
    public List<OperatorView> People { get; } =
    [
        new("ada", [new("admin")], false, DateTimeOffset.UtcNow.AddDays(-40), "the machine", 1, 2),
        new("aksel", [new("viewer"), new("approver", ["oslo", "bergen"])], false, DateTimeOffset.UtcNow.AddDays(-12), "ada", 0, 1),
        new("olga", [new("operator")], false, DateTimeOffset.UtcNow.AddDays(-30), "ada", 1, 0),
        new("vera", [new("viewer")], true, DateTimeOffset.UtcNow.AddDays(-3), "ada", 0, 0),
    ];

    /// <summary>What was done to people: name, act, reason.</summary>
    public List<(string Name, string Act, string Reason)> Acts { get; } = [];

    private void MapPeople(RouteGroupBuilder api)
    {
        api.MapGet("/operators", (HttpContext context) => Guard(context, "admin", () => Results.Ok(People)));
        api.MapGet("/operators/groups", (HttpContext context) => Guard(context, "admin", () => Results.Ok(new GroupView[] { new("mesh-operators", [new("operator")]), new("<b>oslo</b>\u202e", [new("approver", ["oslo"])]) })));
        api.MapGet("/settings", (HttpContext context) => Guard(context, "admin", () => Results.Ok(Fleet.Settings())));
        api.MapPost("/operators", (HttpContext context, OperatorRequest body) => Guard(context, "admin", () =>
        {
            if (People.All(one => one.Name != body.Name))
                People.Add(new OperatorView(body.Name, [new(body.Role!, body.Sites)], false, DateTimeOffset.UtcNow, "ada", 0, 0));
            return Results.Ok(new OperatorCode(body.Name, body.Role ?? "viewer", "tmc_" + new string('c', 43), DateTimeOffset.UtcNow.AddHours(24)));
        }));
        api.MapPut("/operators/{name}/rights", (HttpContext context, string name, RightsChange body) => Guard(context, "admin", () => Act(name, "rights", body.Reason, one => one with { Grants = body.Grants })));
        api.MapPost("/operators/{name}/{act}", (HttpContext context, string name, string act, Decision body) => Guard(context, "admin", () => Act(name, act, body.Reason!, one => one with { Disabled = act == "disable" })));
        api.MapGet("/session/passkeys", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(new PasskeyView[]
        {
            new("0123456789abcdef", "work laptop", DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddHours(-3), true),
            new("fedcba9876543210", "blue key on the ring", DateTimeOffset.UtcNow.AddDays(-2), null, false),
        })));
        api.MapGet("/sessions", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(_sessions
            .Where(pair => _sessions[Token(context)] is { Role: "admin" } || pair.Value.Name == _sessions[Token(context)].Name)
            .Select(pair => new SessionView(pair.Value.Id!, pair.Value.Name, DateTimeOffset.UtcNow.AddMinutes(-9), pair.Value.ExpiresAt, "code", pair.Key == Token(context))))));
        api.MapDelete("/sessions/{id}", (HttpContext context, string id) => Guard(context, "viewer", () =>
        {
            foreach (var (token, session) in _sessions)
                if (session.Id == id)
                    _sessions.TryRemove(token, out _);
            return Results.NoContent();
        }));
    }

    private IResult Act(string name, string act, string reason, Func<OperatorView, OperatorView> change)
    {
        var at = People.FindIndex(one => one.Name == name);
        if (at < 0)
            return Refuse(404, "not_found", "Nobody is called so.");
        if (name == "ada")
            return Refuse(409, "conflict", "ada is the last admin; make somebody else admin first.");
        Acts.Add((name, act, reason));
        if (act == "remove")
            People.RemoveAt(at);
        else
            People[at] = change(People[at]);
        return Results.NoContent();
    }

    private string Needed(string id, string act) => act == "approve" || (Fleet.Devices.TryGetValue(id, out var device) && device.Standing == "pending") ? "approver" : "operator";
}
