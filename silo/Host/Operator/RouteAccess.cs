using Microsoft.AspNetCore.Builder;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>How a route says who may call it.</summary>
public static class RouteAccess
{
    public static TBuilder ForAnyone<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Access(null));

    public static RouteHandlerBuilder For(this RouteHandlerBuilder route, OperatorRole least)
        => route.WithMetadata(new Access(least)).Produces<Problem>(401, "application/problem+json").Produces<Problem>(403, "application/problem+json");
}
