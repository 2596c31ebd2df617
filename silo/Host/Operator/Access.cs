using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>Who may call a route; every route of the operator listener carries one, and one that does not is closed (attack A37).</summary>
/// <param name="Least">The role that is needed; null: anyone, signed in or not.</param>
/// <param name="Reach">Where the caller must have it.</param>
/// <param name="Parameter">With <see cref="Reach.Device"/>: the part of the path that names the device.</param>
/// <param name="Pending">With <see cref="Reach.Device"/>: the role that is needed while the device waits to be let in; null: the same.</param>
public sealed record Access(OperatorRole? Least, Reach Reach = Reach.Mesh, string? Parameter = null, OperatorRole? Pending = null);
