namespace TrustMesh.Contracts.Queries;

/// <summary>How a field and a value are compared; <c>:</c> and <c>=</c> are <see cref="Is"/>.</summary>
public enum QueryOperator { Is, IsNot, Less, AtMost, More, AtLeast }
