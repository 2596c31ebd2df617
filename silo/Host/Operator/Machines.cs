namespace TrustMesh.Host.Operator;

/// <summary>Whether API tokens may call a route, whatever their role. A route that does not say so is closed to them (attack A37).</summary>
public sealed record Machines(bool Allowed);
