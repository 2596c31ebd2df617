using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>Where people put devices, by person and device.</summary>
    public ConcurrentDictionary<(string Person, string Device), GraphPin> Pins { get; } = new();

    /// <summary>Keeps no more of them.</summary>
    public bool RefusesPins { get; set; }

    private void MapPins(RouteGroupBuilder api)
    {
        api.MapGet("/session/pins", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Pins.Where(one => one.Key.Person == Person(context)).Select(one => one.Value).ToList())));
        api.MapPut("/session/pins/{device}", (HttpContext context, string device, PinPlace body) => Guard(context, "viewer", () => RefusesPins
            ? Refuse(409, "conflict", "One person has at most 500 pins; unpin a device that can go back to its place.") : Results.Ok(Pins[(Person(context), device)] = new(device, body.X, body.Y))));
        api.MapDelete("/session/pins/{device}", (HttpContext context, string device) => Guard(context, "viewer", () => Forget(context, pin => pin.Device == device)));
        api.MapDelete("/session/pins", (HttpContext context) => Guard(context, "viewer", () => Forget(context, _ => true)));
    }

    private IResult Forget(HttpContext context, Func<GraphPin, bool> which)
    {
        foreach (var (key, pin) in Pins)
            if (key.Person == Person(context) && which(pin))
                Pins.TryRemove(key, out _);
        return Results.NoContent();
    }

    private string Person(HttpContext context) => _sessions[Token(context)].Name;
}
