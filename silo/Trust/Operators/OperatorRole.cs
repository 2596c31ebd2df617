namespace TrustMesh.Trust.Operators;

/// <summary>
/// What a person may do; each role includes the ones before it. An operator suspends, resumes and revokes devices; an approver also lets devices in or turns
/// them away; an admin also changes policy and people. Rows hold the words, never the numbers.
/// </summary>
public enum OperatorRole { Viewer = 1, Operator = 2, Approver = 3, Admin = 4 }
