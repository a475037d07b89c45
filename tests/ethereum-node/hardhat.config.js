// A chain of its own for each test: blocks come with transactions, or when a test asks for one.
module.exports = { solidity: "0.8.28", networks: { hardhat: { chainId: 31337 } } };
