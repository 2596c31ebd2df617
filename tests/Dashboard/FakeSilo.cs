using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;

namespace TrustMesh.Tests.Dashboard;

/// <summary>
/// A fake: it speaks the operator API as API.md has it and proves nothing. It exists to show the dashboard what no small mesh has: ten thousand
/// devices, hostile names, a silo that goes away and comes back. The dashboard against a real silo is tests/EndToEnd.
/// </summary>
public sealed partial class FakeSilo : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Session> _sessions;
    private readonly List<(Channel<GraphDelta> Feed, string Token)> _feeds = [];
    private readonly List<Channel<TrustEvent>> _listeners = [];
    private readonly List<TrustEvent> _events = [];
    private readonly List<JoinToken> _tokens = [];
    private readonly long _numbers;
    private long _sequence;
    private WebApplication? _app;

    public FakeFleet Fleet { get; }

    /// <summary>Gives the snapshot and dies before the feed.</summary>
    public bool CutsFeeds { get; set; }

    /// <summary>Path and query of every request, for what must not be in them.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What was decided: id, act, reason.</summary>
    public ConcurrentQueue<(string Id, string Act, string? Reason)> Decisions { get; } = new();

    /// <summary>Where it listens; the same again after a pause.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <param name="sibling">Another silo of the same mesh: its sessions count here too, its numbers do not.</param>
    public FakeSilo(FakeFleet fleet, FakeSilo? sibling = null)
    {
        Fleet = fleet;
        _sessions = sibling?._sessions ?? new();
        _numbers = sibling is null ? 0 : 1_000_000;
        _sequence = _numbers + 1;
        foreach (var (at, device) in fleet.Devices.Values.Take(6).Index())
            _events.Add(new TrustEvent(_numbers + at + 1, fleet.Now.AddSeconds(-40 * (6 - at)), device.Id, device.Name, at % 3 == 0 ? "stale" : "verdict", $"judged {device.Status} by policy site version 4", at % 3 == 0 ? "clock" : "device"));
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            Requests.Enqueue(context.Request.Path + context.Request.QueryString);
            return next(context);
        });
        _app.Use(FaultAsync);
        Map(_app.MapGroup("/api/v1"));
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
    }

    /// <summary>The silo goes away; sessions and fleet stay as on disk.</summary>
    public async Task StopAsync()
    {
        lock (_lock)
        {
            HangUp();
        }
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    private void HangUp()
    {
        foreach (var (feed, _) in _feeds)
            feed.Writer.TryComplete();
        foreach (var listener in _listeners)
            listener.Writer.TryComplete();
        _feeds.Clear();
        _listeners.Clear();
    }

    /// <summary>All sessions end, as an administrator or the clock would end them.</summary>
    public void EndSessions()
    {
        _sessions.Clear();
        lock (_lock)
        {
            HangUp();
        }
    }

    /// <summary>Changes devices and tells every feed at once, in one delta.</summary>
    public void Change(params IReadOnlyList<DeviceSummary> devices)
    {
        lock (_lock)
        {
            foreach (var device in devices)
                Fleet.Devices[device.Id] = device;
            Tell([.. devices.Select(FakeFleet.Node)], [.. devices.Select(Fleet.Edge)], null);
        }
    }

    private void Tell(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges, IReadOnlyList<string>? removedEdges)
    {
        var delta = new GraphDelta(_sequence, ++_sequence, nodes, edges, [], removedEdges);
        foreach (var (feed, _) in _feeds)
            feed.Writer.TryWrite(delta);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session", (SignIn body) => body.Code switch
        {
            "code-viewer" or "code-operator" or "code-approver" or "code-admin" => Results.Ok(Open(body.Code["code-".Length..])),
            "code-oslo" => Results.Ok(Open("viewer", [new("viewer"), new("approver", ["oslo"])])),
            _ => Refuse(401, "unauthenticated", "This code is not valid. Ask an administrator for a new one."),
        });
        api.MapDelete("/session", (HttpContext context) => Guard(context, "viewer", () => _sessions.TryRemove(Token(context), out _) ? Results.NoContent() : Results.NoContent()));
        api.MapGet("/session", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(_sessions[Token(context)])));
        MapPeople(api);
        MapApiTokens(api);
        api.MapGet("/mesh", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.Mesh())));
        api.MapGet("/devices/{id}", (HttpContext context, string id) => Guard(context, "viewer", () =>
            Fleet.Devices.TryGetValue(id, out var device) ? Results.Ok(Fleet.Detail(device)) : Refuse(404, "not_found", "No device has this id.")));
        api.MapGet("/devices/{id}/evidence", (HttpContext context, string id) => Guard(context, "viewer", () =>
            Results.Bytes([0xa0], "application/vnd.trustmesh.bundle+cbor")));
        api.MapGet("/devices/{id}/evidence/decoded", (HttpContext context, string id) => Guard(context, "viewer", () =>
            Fleet.Devices.TryGetValue(id, out var device) && device.ProvenAt is { } at ? Results.Ok(Fleet.Evidence(device, at)) : Refuse(404, "not_found", "The device has not proven itself yet.")));
        MapTags(api);
        api.MapPost("/devices/{id}/{act}", (HttpContext context, string id, string act, Decision body) => Guard(context, Needed(id, act), () => Decide(context, id, act, body)));
        api.MapGet("/graph", (HttpContext context) => Guard(context, "viewer", () =>
        {
            lock (_lock)
                return context.Request.Headers.Accept == SnapshotFormat.MediaType && !IsOld ? Results.Bytes(SnapshotWriter.Write(Fleet.Snapshot(_sequence)), SnapshotFormat.MediaType) : Results.Ok(Fleet.Snapshot(_sequence));
        }));
        api.MapGet("/graph/feed", FeedAsync);
        api.MapGet("/sbom", (HttpContext context) => Guard(context, "viewer", () => Results.File(Sbom.FileOf(typeof(TrustMesh.Host.SiloProcess).Assembly), Sbom.MediaType)));
        api.MapGet("/events", EventsAsync);
        api.MapGet("/events/recent", (HttpContext context) => Guard(context, "viewer", () =>
        {
            lock (_lock)
                return Results.Ok(_events.AsEnumerable().Reverse().Take(1000).ToList());
        }));
        api.MapGet("/enroll/tokens", (HttpContext context) => Guard(context, "operator", () => Results.Ok(_tokens)));
        api.MapPost("/enroll/tokens", (HttpContext context, JoinTokenRequest body) => Guard(context, "operator", () =>
        {
            var token = new JoinToken($"t{_tokens.Count + 1:0000000}", body.Uses, body.Uses, Fleet.Now.AddSeconds(body.TtlSeconds), body.AutoApprove, body.Site, body.Model, "olga");
            _tokens.Add(token);
            return Results.Ok(token with { Token = "tmj1_" + new string('s', 43) + "_" + new string('p', 43) });
        }));
        api.MapDelete("/enroll/tokens/{id}", (HttpContext context, string id) => Guard(context, "operator", () =>
            _tokens.RemoveAll(token => token.Id == id) > 0 ? Results.NoContent() : Refuse(404, "not_found", "No token has this id.")));
        api.MapGet("/policy", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.Policy)));
        MapPeers(api);
        MapSilos(api);
        MapLog(api);
        MapQueries(api);
        MapPins(api);
        MapAlerts(api);
        MapRevoking(api);
        MapQueue(api);
        MapRules(api);
        MapPolicy(api);
        api.MapGet("/references/outliers", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.Outliers())));
        api.MapGet("/references", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.References())));
        api.MapPost("/references/learn", (HttpContext context, LearnRequest body) => Guard(context, "admin", () =>
        {
            Learned.Enqueue(body);
            return Results.Ok(Fleet.References()[0]);
        }));
    }

    private IResult Decide(HttpContext context, string id, string act, Decision body)
    {
        if (!Fleet.Devices.TryGetValue(id, out var device))
            return Refuse(404, "not_found", "No device has this id.");
        if (context.Request.Headers.IfMatch.ToString() is { Length: > 0 } seen && seen != $"\"{device.Version}\"")
            return Refuse(409, "conflict", "Somebody else decided about this device meanwhile. Look again.");
        if (act is "suspend" or "revoke" && string.IsNullOrWhiteSpace(body.Reason))
            return Refuse(400, "invalid", "A reason is required.");
        Decisions.Enqueue((id, act, body.Reason));
        var standing = act switch { "suspend" => "suspended", "revoke" => "revoked", _ => "active" };
        Change(FakeFleet.Redraw(device with { Standing = standing, Version = device.Version + 1 }));
        return Results.Ok(Fleet.Devices[id]);
    }

    private async Task FeedAsync(HttpContext context, long after)
    {
        if (CutsFeeds)
        {
            context.Abort();
            return;
        }
        if (!await AllowAsync(context))
            return;
        var feed = Channel.CreateUnbounded<GraphDelta>();
        bool gap;
        lock (_lock)
        {
            gap = after != _sequence;
            _feeds.Add((feed, Token(context)));
        }
        await BeginAsync(context);
        if (gap)
        {
            await context.Response.WriteAsync("event: resync\ndata: {}\n\n");
            return;
        }
        await foreach (var delta in feed.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync($"event: delta\nid: {delta.Sequence}\ndata: {JsonSerializer.Serialize(delta, JsonSerializerOptions.Web)}\n\n");
            await context.Response.Body.FlushAsync();
        }
        context.Abort();
    }

    private async Task EventsAsync(HttpContext context, long after)
    {
        if (!await AllowAsync(context))
            return;
        var told = Channel.CreateUnbounded<TrustEvent>();
        lock (_lock)
        {
            foreach (var one in _events.Where(one => one.Sequence > after))
                told.Writer.TryWrite(one);
            _listeners.Add(told);
        }
        await BeginAsync(context);
        await foreach (var one in told.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync($"event: event\nid: {one.Sequence}\ndata: {JsonSerializer.Serialize(one, JsonSerializerOptions.Web)}\n\n");
            await context.Response.Body.FlushAsync();
        }
        context.Abort();
    }

    private static async Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.WriteAsync(": hello\n\n");
        await context.Response.Body.FlushAsync();
    }

    private Session Open(string role, IReadOnlyList<Grant>? grants = null)
    {
        var token = $"silo-secret-token-{Guid.NewGuid():N}";
        var session = new Session(
            role switch { "operator" => "olga", "approver" => "aksel", "admin" => "ada", _ => "vera" }, role, DateTimeOffset.UtcNow.AddHours(8), null, grants ?? [new(role)], token[^16..]);
        _sessions[token] = session;
        return session with { Token = token };
    }

    private IResult Guard(HttpContext context, string role, Func<IResult> work)
    {
        if (!_sessions.TryGetValue(Token(context), out var session))
            return Refuse(401, "unauthenticated", "The session has ended. Sign in again.");
        string[] roles = ["viewer", "operator", "approver", "admin"];
        return session.Grants!.Max(grant => Array.IndexOf(roles, grant.Role)) < Array.IndexOf(roles, role) ? Refuse(403, "forbidden", $"This needs the role {role}.") : work();
    }

    private async Task<bool> AllowAsync(HttpContext context)
    {
        if (_sessions.ContainsKey(Token(context)))
            return true;
        await Refuse(401, "unauthenticated", "The session has ended. Sign in again.").ExecuteAsync(context);
        return false;
    }

    private static string Token(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : "";

    private static IResult Refuse(int status, string code, string detail) =>
        Results.Json(new Problem($"https://trustmesh.example/problems/{code}", code, status, code, detail, "00-fa4e-01"), JsonSerializerOptions.Web, "application/problem+json", status);
}
