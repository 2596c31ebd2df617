using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>Who may call a route; every route of the operator listener carries one, and one that does not is closed (attack A37).</summary>
/// <param name="Least">The role that is needed; null: anyone, signed in or not.</param>
public sealed record Access(OperatorRole? Least);
