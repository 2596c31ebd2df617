using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Edges between devices, revocation and policy of the fake.</summary>
public sealed partial class FakeSilo
{
    /// <summary>Who was asked to examine whom.</summary>
    public ConcurrentQueue<(string From, string To)> Examinations { get; } = new();

    /// <summary>Who was asked to prove itself.</summary>
    public ConcurrentQueue<string> Attested { get; } = new();

    /// <summary>Devices that cannot be asked anything.</summary>
    public HashSet<string> Away { get; } = [];

    /// <summary>New policies that were asked for.</summary>
    public ConcurrentQueue<PolicyUpdate> Policies { get; } = new();

    /// <summary>Devices judged each other: tells every feed, in one delta.</summary>
    public void Judge(params IReadOnlyList<GraphEdge> edges)
    {
        lock (_lock)
        {
            foreach (var edge in edges)
                Fleet.Put(edge);
            Tell([], edges, null);
        }
    }

    /// <summary>An edge is no more.</summary>
    public void Forget(string from, string to)
    {
        lock (_lock)
        {
            Fleet.Edges.Remove($"{from}>{to}");
            Tell([], [], [$"{from}>{to}"]);
        }
    }

    /// <summary>Something happened.</summary>
    public void Say(string kind, string text, DeviceSummary? device = null)
    {
        lock (_lock)
        {
            var one = new TrustEvent(_numbers + _events.Count + 1, DateTimeOffset.UtcNow, device?.Id, device?.Name, kind, text, "silo");
            _events.Add(one);
            foreach (var listener in _listeners)
                listener.Writer.TryWrite(one);
        }
    }

    private void MapPeers(RouteGroupBuilder api)
    {
        api.MapGet("/edges", (HttpContext context, string? device, string? q, string? look, int? limit) => Guard(context, "viewer", () =>
        {
            if (!EdgeQuery.TryParse(q, look, out var query, out var problem))
                return Refuse(400, "invalid", problem);
            lock (_lock)
            {
                var lines = Fleet.Edges.Values.Where(edge => device is null || edge.From == device || edge.To == device).Select(Fleet.Line);
                var meant = query.Of(lines, id => Fleet.Devices.TryGetValue(id, out var there) ? DeviceFacts.Of(there) : null, DateTimeOffset.UtcNow).ToList();
                return limit is null ? Results.Ok(meant) : Results.Ok(new EdgePage(meant, null, meant.Count));
            }
        }));
        api.MapGet("/edges/{from}/{to}", (HttpContext context, string from, string to) => Guard(context, "viewer", () =>
        {
            lock (_lock)
                return Fleet.Devices.ContainsKey(from) && Fleet.Devices.ContainsKey(to) ? Results.Ok(Fleet.Edge(from, to)) : Refuse(404, "not_found", "No device has this id.");
        }));
        api.MapPost("/edges/{from}/{to}/examine", (HttpContext context, string from, string to) => Guard(context, "operator", () =>
        {
            Examinations.Enqueue((from, to));
            return Away.Contains(from) ? Refuse(409, "conflict", "The device is not connected. It examines its peers by its own clock.") : Results.Accepted();
        }));
        api.MapPost("/devices/{id}/attest", (HttpContext context, string id) => Guard(context, "operator", () =>
        {
            Attested.Enqueue(id);
            return Away.Contains(id) ? Refuse(409, "conflict", "The device is not connected to the mesh, so nobody could be asked.") : Results.Accepted();
        }));
        api.MapGet("/revocations", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.Revocations)));
        api.MapGet("/revocations/propagation", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.Propagation)));
        api.MapPut("/policy", (HttpContext context, PolicyUpdate body) => Guard(context, "admin", () =>
        {
            if (body.Quorum is 1)
                return Refuse(400, "invalid", "quorum must not be 1");
            var policy = Fleet.Policy;
            if (context.Request.Headers.IfMatch.ToString() is { Length: > 0 } seen && seen != $"\"{policy.Version}\"")
                return Refuse(409, "conflict", $"Policy {policy.Version} is in force meanwhile; look at it again.");
            Policies.Enqueue(body);
            Earlier[policy.Version] = (policy, "olga", "as ever");
            Fleet.Policy = policy with
            {
                Version = policy.Version + 1, GraceSeconds = body.GraceSeconds ?? policy.GraceSeconds, Quorum = body.Quorum ?? policy.Quorum, Peers = body.Peers ?? policy.Peers, Tiers = body.Tiers ?? policy.Tiers,
            };
            return Results.Ok(Fleet.Policy);
        }));
    }
}
