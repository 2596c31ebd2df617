using Microsoft.AspNetCore.Builder;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>How a route says who may call it.</summary>
public static class RouteAccess
{
    public static TBuilder ForAnyone<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Access(null));

    /// <summary>For who has the role in the whole mesh. Everybody who may sign in is viewer there.</summary>
    public static RouteHandlerBuilder For(this RouteHandlerBuilder route, OperatorRole least) => route.With(new(least));

    /// <summary>For who has the role at the site of the device that this part of the path names.</summary>
    /// <param name="pending">The role while the device waits to be let in; null: the same.</param>
    public static RouteHandlerBuilder ForDevice(this RouteHandlerBuilder route, OperatorRole least, string parameter = "id", OperatorRole? pending = null)
        => route.With(new(least, Reach.Device, parameter, pending));

    /// <summary>For who has the role at some site; the route itself asks <see cref="AccessGate.Lacks"/> for which.</summary>
    public static RouteHandlerBuilder ForSite(this RouteHandlerBuilder route, OperatorRole least) => route.With(new(least, Reach.Site));

    /// <summary>
    /// API tokens may call it too, if they have the role: what a machine does by itself, and what can be taken back or is decided by a person who made the token so.
    /// Of a group it holds for every route in it.
    /// </summary>
    public static TBuilder ForMachines<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Machines(true));

    /// <summary>Closed to API tokens whatever their role, in a group that is open: a person has to stand for it. What says neither is closed too.</summary>
    public static TBuilder ForPeople<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Machines(false));

    private static RouteHandlerBuilder With(this RouteHandlerBuilder route, Access access)
        => route.WithMetadata(access).Produces<Problem>(401, "application/problem+json").Produces<Problem>(403, "application/problem+json");
}
