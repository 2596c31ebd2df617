using TrustMesh.Agent.Commands;

return await AgentCommand.RunAsync(args);
